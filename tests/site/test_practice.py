"""Practice papers on the page: those of a notebook, judged in both modes, summed up by misconception."""

from cnnlib import exam
from cnnlib.exam.misconceptions import MISCONCEPTIONS
from cnnlib.exam.picking import scramble
from cnnlib.exam.summary import where

from .practising import PAGE, TOLD, answer, asked, expected, link, question


# ----------------------------------------------------------------- the papers
def test_a_seed_gives_the_paper_that_it_gives_in_a_notebook(practice, site_url):
    page = practice()
    assert asked(page) == expected(seed=1, marks=30)
    for seed, marks, parts in [(7, 15, ()), (999_999, 60, ()), (0, 60, ("3c",)), (42, 30, ("6c", "5a", "1a"))]:
        page.goto("about:blank")
        page.goto(f"{site_url}{PAGE}{link(seed, marks, parts)}")
        page.wait_for_selector(".paper-questions > li")
        assert asked(page) == expected(seed=seed, marks=marks, parts=parts or None), (seed, marks, parts)


def test_the_hash_is_the_same_in_both_halves(practice):
    texts = ["", "7 1a", "999999 DenseMemory variant", "×", *(f"{seed} 5a" for seed in range(200))]
    script = 'texts => texts.map((text) => cnnlibExplorers.load("practice/pick.mjs").scramble(text))'
    assert practice().evaluate(script, texts) == [scramble(text) for text in texts]


def test_every_stored_question_is_judged_right_and_wrong_as_python_says(practice):
    """All of them at once, by the judge that the page uses, with what a reader would type."""
    page = practice()
    script = """async () => {
      const load = cnnlibExplorers.load;
      const data = JSON.parse(document.querySelector("#practice-data").textContent);
      const bytes = await load("kit/pixels.mjs").inflated(data.items);
      const items = Object.values(JSON.parse(new TextDecoder().decode(bytes))).flat();
      const faults = [];
      let judged = 0;
      for (const { state, misconceptions } of items) {
        const read = (value) => load("question/view.mjs").judge(state, String(value));
        const digits = state.tolerance ? Math.round(-Math.log10(state.tolerance)) : 9;
        const typed = (v) => (typeof v === "number" && state.tolerance ? v.toFixed(digits) : v);
        if (read(typed(state.answer)).right !== true) faults.push([state.prompt, state.answer]);
        for (const [n, [value, sentence]] of state.wrong.entries()) {
          const { right, text, meant } = read(typed(value));
          judged += 1;
          if (right !== false || text !== sentence || meant !== value || !data.misconceptions[misconceptions[n]])
            faults.push([state.prompt, value, text]);
        }
      }
      return { faults, judged, questions: items.length };
    }"""
    found = page.evaluate(script)
    assert found["faults"] == []
    assert found["questions"] > 1000 and found["judged"] > 3 * found["questions"]


# ------------------------------------------------------------------- practice
def test_practice_judges_at_once_and_sums_up_by_misconception(practice):
    page = practice(link(seed=5, marks=30))
    items = exam.paper(seed=5, marks=30).items
    assert page.locator(TOLD).inner_text() == ""
    assert not question(page, 0).get_by_text("Worked answer").is_visible()
    first = answer(page, 0, items[0].wrong[0].value)
    assert first.get_by_role("status").inner_text() == f"✗ {items[0].wrong[0].sentence}"
    assert first.locator(".paper-mend a").inner_text() == where(items[0].wrong[0].misconception)
    first.get_by_text("Worked answer").click()
    assert items[0].worked[0].replace("10^9", "10⁹") in first.locator(".paper-worked").inner_text()
    answer(page, 0, items[0].answer)
    assert first.locator(".paper-mend").is_hidden()
    answer(page, 1, items[1].wrong[1].value)
    n, total = len(items), sum(item.marks for item in items)
    told = f"{items[0].marks} of {total} marks: 1 of {n} questions right, {n - 2} open."
    assert page.locator(TOLD).inner_text() == told
    named = page.locator(".paper-summary li")
    wanted = [items[0].wrong[0].misconception, items[1].wrong[1].misconception]
    assert named.count() == len(set(wanted))
    for name in wanted:
        assert MISCONCEPTIONS[name].name in " ".join(named.all_inner_texts())
    table = exam.paper(seed=5, marks=30).mistakes([items[0].answer, items[1].wrong[1].value, *[None] * (n - 2)])
    assert table.caption == told  # a notebook says the same; it does not know of a first try
    assert f"{table.cells[0][0]}: {table.cells[0][1]}. {table.cells[0][2]}." in named.all_inner_texts()


def test_one_misconception_is_counted_over_the_paper(practice):
    paper = exam.paper(seed=3, marks=60, parts=["4c"])
    page = practice(link(3, 60, ("4c",)))
    bias = [(n, wrong) for n, item in enumerate(paper.items) for wrong in item.wrong if wrong.misconception == "bias"]
    biased = dict(bias)
    assert len(biased) > 3
    for n in list(biased)[:3]:
        answer(page, n, biased[n].value)
    assert page.locator(".paper-summary li").inner_text().startswith(f"3 times: {MISCONCEPTIONS['bias'].name}.")
    href = page.locator(".paper-summary li a").get_attribute("href")
    assert href == "07-channels-and-filter-banks.html#counting"


def test_answers_are_there_again_after_a_reload(practice):
    page = practice(link(seed=5, marks=15))
    item = exam.paper(seed=5, marks=15).items[0]
    answer(page, 0, item.wrong[0].value)
    page.wait_for_selector(".paper-summary li")
    said = page.locator(TOLD).inner_text()
    page.reload()
    page.wait_for_selector(".paper-summary li")
    assert page.locator(TOLD).inner_text() == said
    assert item.wrong[0].sentence in question(page, 0).get_by_role("status").inner_text()


def test_a_paper_is_forgotten_where_a_reader_asks_for_it(practice):
    page = practice(link(seed=5, marks=15))
    forget = page.get_by_role("button", name="Forget my answers")
    assert forget.is_hidden()  # nothing is answered yet
    answer(page, 0, exam.paper(seed=5, marks=15).items[0].answer)
    page.wait_for_selector(".paper-summary li, .paper-summary [role=status]:not(:empty)")
    assert "Questions:" not in page.locator(".answers-line").inner_text()  # the summary counts them
    forget.click()
    assert page.locator(TOLD).inner_text() == "" and forget.is_hidden()
    assert asked(page) == expected(seed=5, marks=15)
    page.reload()
    page.wait_for_selector(".paper-questions > li")
    assert page.locator(TOLD).inner_text() == ""


# ----------------------------------------------------------------------- exam
def test_an_exam_says_nothing_until_it_is_handed_in(practice):
    page = practice(link(seed=8, marks=15, mode="exam"))
    items = exam.paper(seed=8, marks=15).items
    answer(page, 0, items[0].answer, check=False)
    answer(page, 1, items[1].wrong[0].value, check=False)
    for n in (0, 1):
        box = question(page, n).get_by_role("textbox")
        if box.count():
            box.press("Enter")
        assert question(page, n).locator("[role=status]").inner_text() == ""
    silent = (".paper-hint", ".paper-worked", ".paper-mend", ".question button", ".paper-summary li")
    assert not any(element.is_visible() for name in silent for element in page.locator(name).all())
    page.reload()
    page.wait_for_selector(".paper-questions > li")
    button = page.get_by_role("button", name="Hand in")
    button.click()
    warning = page.get_by_text("Press again to hand the paper in as it is.")
    assert "No answer yet to 3," in warning.inner_text()
    button.click()
    total, n = sum(item.marks for item in items), len(items)
    assert page.locator(TOLD).inner_text() == (
        f"{items[0].marks} of {total} marks: 1 of {n} questions right, {n - 2} open."
    )
    assert question(page, 0).get_by_role("status").inner_text().startswith("✓ Yes.")
    assert items[1].wrong[0].sentence in question(page, 1).get_by_role("status").inner_text()
    assert all(element.is_visible() for element in page.locator(".paper-worked").all())
    assert question(page, 0).locator("input").first.is_disabled() and button.is_hidden()
    page.reload()
    page.wait_for_selector(".paper-summary li")
    assert question(page, 0).locator("input").first.is_disabled()


def test_what_is_no_number_is_said_before_it_is_handed_in(practice):
    page = practice(link(seed=2, marks=15, parts=("4a",), mode="exam"))
    count = page.locator(".paper-questions > li").count()
    for n in range(count):
        answer(page, n, "many" if n == 1 else "12", check=False)
    page.get_by_role("button", name="Hand in").click()
    assert page.get_by_text("The answer to 2 is no number that can be read.").is_visible()
