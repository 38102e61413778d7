"""Which encoding a file is in: Chinese of the mainland, of Hong Kong, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kit.tabular import TableRefusal, read_table
from huying.kit.tabular.encoding import decode_text, everyday_share, guess_encoding

SIMPLIFIED = "编号,内容\n1,小区门口的路灯坏了三天，晚上回家看不清路\n2,楼下餐饮店油烟扰民\n"
TRADITIONAL = "編號,內容\n1,屋苑門口的街燈壞了三天，晚上回家看不清路，咗喺嘅\n2,樓下食肆油煙擾民\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "big5hkscs", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        ("编号,姓名\n", "gb18030", "gb18030"),
    ],
)
def test_chinese_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str, found: str) -> None:
    data = text.encode(encoding)
    guess = guess_encoding(lambda: (data,))
    assert (guess.encoding, guess.damaged) == (found, 0)
    assert data.decode(guess.encoding) == text


@given(st.integers(1, 40), st.sampled_from(["utf-8", "gb18030"]))
def test_cutting_the_bytes_into_pieces_changes_nothing(size: int, encoding: str) -> None:
    data = SIMPLIFIED.encode(encoding)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert guess_encoding(lambda: pieces).encoding == encoding


def test_legacy_characters_far_behind_an_english_head_are_noticed() -> None:
    rows = "".join(f"{number},street light out\n" for number in range(20_000))
    data = ("id,text\n" + rows + SIMPLIFIED).encode("gb18030")
    with read_table(data, name="late.csv") as table:
        assert table.encoding == "gb18030"
        assert [row.values["text"] for row in table][-1] == "楼下餐饮店油烟扰民"


def test_a_few_damaged_bytes_damage_their_rows_only() -> None:
    rows = "".join(f"{number},路灯坏了请尽快维修\n" for number in range(500))
    data = ("编号,内容\n" + rows).encode().replace("250,路".encode(), b"250,\xe8\xb7")
    with read_table(data, name="damaged.csv") as table:
        assert table.encoding == "utf-8"
        flawed = [row for row in table if row.errors]
    assert [(row.values["编号"], row.errors[0].key) for row in flawed] == [("250", "bytes_unreadable")]
    assert "内容" in flawed[0].errors[0].sentence


def test_what_no_encoding_decodes_is_refused() -> None:
    with pytest.raises(TableRefusal) as refused:
        read_table(
            "名,値\nテスト,日本語の文章です\n".encode("shift_jis") * 20 + b"\xff\xfe\xff" * 50, name="x.csv"
        )
    assert refused.value.reason.key == "encoding_unknown"


def test_a_label_is_trusted_only_as_far_as_it_holds() -> None:
    assert decode_text("路灯".encode(), "utf-8") == ("路灯", False)
    assert decode_text("路灯堃".encode("gb18030"), "gb2312") == ("路灯堃", False)
    assert decode_text("路灯坏了三天".encode("gb18030"), "utf-8") == ("路灯坏了三天", True)
    assert decode_text("路灯坏了三天".encode(), "no-such-code") == ("路灯坏了三天", True)
    assert decode_text("路灯坏了三天".encode()) == ("路灯坏了三天", False)
    assert decode_text("路灯坏了三天".encode("gb18030"), "iso-8859-1") == ("路灯坏了三天", True)
    assert decode_text("路灯坏了三天，请尽快".encode(), "gb2312") == ("路灯坏了三天，请尽快", True)
    assert decode_text("联通".encode("gb2312"), "gb2312") == ("联通", False)
    assert decode_text("Le café déjà fermé".encode("latin-1"), "iso-8859-1") == ("Le café déjà fermé", False)
    assert decode_text("路灯".encode(), "us-ascii") == ("路灯", False)


@pytest.mark.parametrize("label", ["unicode_escape", "Unicode-Escape", "raw_unicode_escape", "punycode"])
def test_a_label_that_names_a_programs_notation_is_dropped(label: str) -> None:
    assert decode_text(b"\\u8def\\ ", label) == ("\\u8def\\ ", True)


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "gb2312", "utf-8", "rot13", "idna", "unicode_escape", "\x00"]),
)
def test_any_bytes_and_any_label_give_a_text(data: bytes, label: str | None) -> None:
    assert isinstance(decode_text(data, label)[0], str)


def test_everyday_chinese_scores_high_and_mojibake_low() -> None:
    assert everyday_share(TRADITIONAL) > 0.9
    assert everyday_share(TRADITIONAL.encode("big5hkscs").decode("gb18030")) < 0.7
    assert everyday_share("été") == 0
    assert everyday_share("plain") == 1
