"""What is remembered between frames is computed anew exactly when something in its key changes."""


def test_a_memo_compares_lists_by_what_is_in_them_and_objects_by_identity(library):
    calls = library.evaluate(
        """() => {
          const { memo } = cnnlibExplorers.load("kit/memo.mjs");
          let calls = 0;
          const compute = memo((value) => [value, (calls += 1)]);
          const picture = { shape: [1], data: new DataView(new ArrayBuffer(4)) };
          const keys = [[1, [2, 3]], [1, [2, 3]], [1, [2, 4]], [NaN], [NaN], [0], [-0],
            [picture], [picture], [{ ...picture }], [{ ...picture }, 2]];
          return keys.map((key) => compute(key, 7)[1]);
        }"""
    )
    assert calls == [1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 7]
