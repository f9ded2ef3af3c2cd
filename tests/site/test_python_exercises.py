"""Exercises done in the page, and what is kept of them on the reader's own device."""

from .python_page import cell, run_cell, start, write

NAME = "06-stride-padding-dilation"
WRONG = """def strided_convolution(image, kernel, stride):
    return image

exercises.check_strided_convolution(strided_convolution)"""
RIGHT = """def strided_convolution(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows[::stride, ::stride], kernel)

exercises.check_strided_convolution(strided_convolution)"""
EXERCISE = "cnnlibPython.cells.find(cell => cell.exercise).number"


def test_an_exercise_is_judged_and_kept_until_it_is_forgotten(open_page):
    page = start(open_page(f"chapters/{NAME}.html"))
    number = page.evaluate(EXERCISE)
    stored = cell(page, number).locator(".cell_output").inner_text().strip()
    assert run_cell(page, number) == [["value", stored]]  # the checker's words in the notebook
    write(page, number, WRONG)
    ((_, verdict),) = run_cell(page, number)
    assert verdict.startswith("Not yet: ")
    assert page.locator(".answers-line").inner_text().startswith("Questions: 0 of 7 answered. Exercises: 0 of 2 solved")
    write(page, number, RIGHT)
    assert run_cell(page, number) == [
        ["value", "Right: every value agrees with cnnlib.ops.conv2d, at strides 1, 2 and 4."]
    ]
    assert "Exercises: 1 of 2 solved" in page.locator(".answers-line").inner_text()
    page.reload()
    note = cell(page, number).locator(".cell-tools [role=status]")
    assert note.inner_text() == "solved"
    assert cell(page, number).locator("pre").first.inner_text().strip("\n") == RIGHT
    page.goto(open_page.url + "chapters/index.html")
    card = page.locator(".chapter-cards li").filter(has_text="6. Stride")
    assert card.locator(".card-progress").inner_text() == "7 questions, 1 of 2 exercises done"
    page.go_back()
    page.get_by_role("button", name="Forget my answers and code").click()
    assert note.inner_text() == ""
    assert "raise NotImplementedError" in cell(page, number).locator("pre").first.inner_text()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('chapters'))") == []
    page.goto(open_page.url + "chapters/index.html")
    assert card.locator(".card-progress").inner_text() == "7 questions, 2 exercises"


def test_the_front_page_forgets_all(open_page):
    page = open_page("chapters/index.html")
    assert not page.get_by_role("button", name="Forget my answers and code in all chapters").is_visible()
    page.evaluate(
        """() => { const path = document.querySelector(".card-title a").pathname;
             localStorage.setItem(`cnnlib-answers ${path}`, '{"why?": {"right": true}}');
             localStorage.setItem(`cnnlib-code ${path}`, '{"x": "y"}'); }"""
    )
    page.reload()
    assert "1 of " in page.locator(".card-progress").first.inner_text()
    page.get_by_role("button", name="Forget my answers and code in all chapters").click()
    assert "1 of " not in page.locator(".card-progress").first.inner_text()
    assert page.evaluate("Object.keys(localStorage).filter(key => /answers|code \\//.test(key))") == []
