"""How well, how honestly and how fast texts are judged, beside scikit-learn's plain TF-IDF and LinearSVC.

Needs the real messages beside the project (../shared/data/appeals-zh, or `--data FOLDER`). Near-duplicates
are never learnt from and asked about at once; every figure is of models learnt from the other rounds alone.
Seeds are fixed. Goals of speed are judged by processor time, which a busy machine changes less; the clock's
time is told beside it. Takes about five minutes of one processor.
"""

from __future__ import annotations

import csv
import gzip
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
from items import many_items, trust
from report import Report, arguments
from twins import judge as judge_twins
from verdicts import whole

from huying.triage.core.itemtext import ItemText
from huying.triage.core.learning import Example, catalogue_examples, load, save, train
from huying.triage.core.learning.groups import near_duplicates, rounds_of
from huying.triage.core.learning.measuring import at_share, calibration_error, label_figures
from huying.triage.core.learning.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.triage.core.learning import Model

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "appeals-zh"
ROUNDS, SEED = 5, 7
CURVE = (100, 300, 1000, 3000)
READ_CHARS = 2000
MESSAGES = ("messages_4326.csv", "replies_2816.csv")
MB = 2**20


def rows(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """Return the rows of one of the real tables."""
    opened = gzip.open if name.endswith(".gz") else open
    with opened(folder / name, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Rival:
    """scikit-learn's plain TF-IDF over words and LinearSVC, as its guide begins."""

    def __init__(self, examples: Sequence[Example]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        self.seen = TfidfVectorizer(token_pattern=r"\S+")  # noqa: S106 - a pattern of words
        self.judge = LinearSVC(random_state=SEED)
        self.judge.fit(self.seen.fit_transform(_spaced(examples)), [one.label for one in examples])

    def answers(self, examples: Sequence[Example]) -> list[str]:
        """Return the label of each."""
        found: list[str] = self.judge.predict(self.seen.transform(_spaced(examples))).tolist()
        return found

    def megabytes(self) -> float:
        """Return what its arrays and vocabulary take."""
        words = sum(len(word.encode()) + 8 for word in self.seen.vocabulary_)
        return float(self.judge.coef_.nbytes + self.seen.idf_.nbytes + words) / MB


def _spaced(examples: Sequence[Example]) -> list[str]:
    return [" ".join(words_of(one.told, READ_CHARS)) for one in examples]


def macro_f1(truth: Sequence[str], named: Sequence[str]) -> float:
    """Return the mean F1 over the labels."""
    labels = sorted({*truth, *named})
    number = {label: n for n, label in enumerate(labels)}
    figures = label_figures(
        np.array([number[one] for one in truth]), np.array([number[one] for one in named]), labels
    )
    return float(np.mean([one.f1 for one in figures]))


def in_rounds(
    report: Report, what: str, examples: Sequence[Example], asked: set[Example]
) -> dict[str, float]:
    """Measure ours and the rival over the same rounds, asking only about `asked`."""
    groups = near_duplicates(
        [words_of(one.told, READ_CHARS) for one in examples], [one.id for one in examples]
    )
    where = rounds_of(groups, ROUNDS, SEED)
    truth: list[str] = []
    ours: list[str] = []
    theirs: list[str] = []
    sure: list[float] = []
    for number in range(ROUNDS):
        known = [one for one, at in zip(examples, where, strict=True) if at != number]
        aside = [one for one, at in zip(examples, where, strict=True) if at == number and one in asked]
        truth += [one.label for one in aside]
        for answer in train(known).predict_many(one.told for one in aside):
            ours.append(answer.label)
            sure.append(answer.confidence)
        theirs += Rival(known).answers(aside)
    right = np.array([a == b for a, b in zip(truth, ours, strict=True)])
    confidence = np.array(sure)
    decided = at_share(confidence, right, 0.8)
    figures = {
        "macro_f1": macro_f1(truth, ours),
        "accuracy": float(right.mean()),
        "calibration_error": calibration_error(confidence, right),
        "right_at_80": decided.right,
        "threshold_at_80": decided.threshold,
        "rival_macro_f1": macro_f1(truth, theirs),
        "rival_accuracy": float(np.mean([a == b for a, b in zip(truth, theirs, strict=True)])),
    }
    figures["wrong_to_rival"] = (1 - figures["accuracy"]) / (1 - figures["rival_accuracy"])
    report.say(
        f"{what}: {len(truth)} asked; macro-F1 {figures['macro_f1']:.4f} "
        f"(LinearSVC {figures['rival_macro_f1']:.4f}), "
        f"accuracy {figures['accuracy']:.4f} ({figures['rival_accuracy']:.4f}; "
        f"{figures['wrong_to_rival']:.2f} times its errors), "
        f"calibration error {figures['calibration_error']:.4f}, "
        f"80% decided from {decided.threshold:.2f} on, {decided.right:.2%} of them right"
    )
    report.keep(what, figures)
    return figures


def curve(report: Report, examples: Sequence[Example], catalogue: Sequence[dict[str, str]]) -> None:
    """Measure the cold start from a catalogue's names, and what the first messages add to them."""
    labels = {one.label for one in examples}
    items = [
        ItemText(row["一级分类"], (row["三级分类"] or row["二级分类"], row["二级分类"], row["一级分类"]))
        for row in catalogue
        if row["一级分类"] in labels
    ]
    stated = [Example(one.text, one.label, weight=one.weight) for one in catalogue_examples(items)]
    groups = near_duplicates(
        [words_of(one.text, READ_CHARS) for one in examples], [one.id for one in examples]
    )
    where = rounds_of(groups, 2, SEED)
    pool = [one for one, at in zip(examples, where, strict=True) if at == 0]
    asked = [one for one, at in zip(examples, where, strict=True) if at == 1]
    drawn = np.random.default_rng(SEED).permutation(len(pool))
    truth = [one.label for one in asked]
    found = {}
    for count in (0, *CURVE):
        known = [pool[n] for n in drawn[:count]]
        told: list[list[str]] = []
        for examples_known in ([*known, *stated], known):
            enough = len({one.label for one in examples_known}) > 1
            answers = train(examples_known).predict_many(one.text for one in asked) if enough else []
            told.append([one.label for one in answers])
        blended, alone = (macro_f1(truth, named) if named else 0.0 for named in told)
        rival = macro_f1(truth, Rival(known).answers(asked)) if count else 0.0
        right = sum(a == b for a, b in zip(truth, told[0], strict=True)) / len(truth)
        found[count] = {"blended": blended, "accuracy": right, "alone": alone, "rival": rival}
        report.say(
            f"  {count:5} messages and the catalogue's names: macro-F1 {blended:.3f}, accuracy {right:.3f}; "
            f"without the names {alone:.3f}; LinearSVC {rival:.3f}"
        )
    report.keep("curve", found)


def speed(report: Report, examples: Sequence[Example], folder: Path) -> None:
    """Measure learning, size, one text at a time, a batch on one core, and memory."""
    started, used = time.perf_counter(), time.process_time()
    model = train(examples)
    seconds, busy = time.perf_counter() - started, time.process_time() - used
    save(model, folder / "model", learnt_at="2026-01-01T00:00:00+00:00")
    size = sum(path.stat().st_size for path in (folder / "model").iterdir()) / MB
    used = time.process_time()
    rival = Rival(examples)
    rival_busy = time.process_time() - used
    model = load(folder / "model")
    texts = [one.told for one in examples[:4000]]
    clock, processor = _waits(model, texts)
    batch, rival_batch = _per_second(model.predict_many, texts), _per_second(rival.answers, examples[:4000])
    ratios = {
        "speed in batch": batch / rival_batch,
        "size": size / rival.megabytes(),
        "time of learning": busy / rival_busy,
    }
    report.say(
        f"learning {len(examples)} texts: {seconds:.0f} s, {busy:.0f} s of processor "
        f"(LinearSVC {rival_busy:.1f} s); "
        f"on disk {size:.1f} MB (LinearSVC {rival.megabytes():.1f} MB)"
    )
    report.say(f"one text, the model alone, by clock: p50 {clock[0]:.2f} ms, p99 {clock[1]:.2f} ms")
    report.say(f"batch, one core: {batch:.0f} texts/s (LinearSVC, words cut alike: {rival_batch:.0f})")
    told = ", ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items())
    report.say(f"beside plain TF-IDF and LinearSVC: {told}")
    report.keep("ratio_to_linear_svc", ratios)
    report.goal("learning", busy, 120, most=True, unit=" s of processor")
    report.goal("one text, the model alone, p99", processor[1], 10, most=True, unit=" ms of processor")
    report.goal("batch", batch, 1500, unit=" texts/s")
    report.goal("on disk", size, 60, most=True, unit=" MB")


def _waits(model: Model, texts: Sequence[str]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return median and 99th percentile of milliseconds for one text, warm: by clock and of processor."""
    waits, used = [], []
    for text in (*texts[:500], *texts):
        started, busy = time.perf_counter(), time.thread_time()
        model.predict(text)
        used.append((time.thread_time() - busy) * 1000)
        waits.append((time.perf_counter() - started) * 1000)
    p50, p99, used_p50, used_p99 = (
        float(np.percentile(took[500:], part)) for took in (waits, used) for part in (50, 99)
    )
    return (p50, p99), (used_p50, used_p99)


def _per_second(answer: Any, texts: Sequence[Any]) -> float:  # noqa: ANN401 - either of two
    started = time.process_time()
    answer(texts)
    return len(texts) / (time.process_time() - started)


def memory(report: Report, folder: Path) -> None:
    """Measure a process that reads the model and answers."""
    code = (
        "import sys,pathlib;from huying.triage.core.learning import load;"
        "m=load(pathlib.Path(sys.argv[1]));m.predict_many(['路灯不亮，晚上走路害怕']*2000);"
        "print('ready',flush=True);sys.stdin.read()"
    )
    with psutil.Popen(
        [sys.executable, "-c", code, str(folder / "model")], stdin=-1, stdout=-1, text=True
    ) as child:
        child.stdout.readline()
        resident = child.memory_info().rss / MB
        child.stdin.close()
    report.goal("a process that answers", resident, 400, most=True, unit=" MB")


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    parser = arguments(__doc__, seconds=0)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the real messages")
    chosen = parser.parse_args()
    report = Report("Triage: learning from labelled texts", chosen.json)
    if not chosen.data.is_dir():
        sys.exit(f"The real messages are missing: {chosen.data}. Nothing was measured.")
    of = partial(rows, folder=chosen.data)
    cut = [Example(row["text"], row["label"], row["id"]) for row in of("labelled_tokens_8200.csv.gz")]
    raw = [Example(row["text"], row["label"], row["id"], row["title"]) for row in of("labelled_2700.csv")]
    catalogue = of("category_system_517.csv")
    accuracy(report, cut, raw)
    report.say(
        "cold start and the first messages (half of the messages asked about, none of them learnt from):"
    )
    curve(report, cut, catalogue)
    with tempfile.TemporaryDirectory() as name:
        speed(report, [*cut, *raw], Path(name))
        memory(report, Path(name))
        asked = [Example(row["text"], "", row["id"], row["title"]) for row in of("unlabelled_1000.csv")]
        answers = load(Path(name) / "model").predict_many(one.told for one in asked)
    counts = Counter(one.label for one in answers)
    report.say(f"unlabelled_1000.csv: {dict(counts.most_common())}")
    report.keep("unlabelled_counts", dict(counts))
    whole(report)
    trust(report, catalogue, cut)
    told = [(row["留言主题"], row["留言详情"]) for name in MESSAGES for row in of(name)]
    many_items(report, catalogue, [*told, *((one.title, one.text) for one in raw)], cut)
    judge_twins(report, chosen.data)
    report.end()


def accuracy(report: Report, cut: Sequence[Example], raw: Sequence[Example]) -> None:
    """Measure both tables in rounds, and compare with the goals."""
    on_cut = in_rounds(report, "cut words", cut, set(cut))
    on_raw = in_rounds(report, "raw messages", [*cut, *raw], set(raw))
    report.goal("macro-F1, cut words", on_cut["macro_f1"], 0.92, aim=0.935)
    report.goal("macro-F1, raw messages", on_raw["macro_f1"], 0.91, aim=0.93)
    for what, figures in (("cut words", on_cut), ("raw messages", on_raw)):
        report.goal(f"calibration error, {what}", figures["calibration_error"], 0.03, most=True)
        report.goal(f"right where 80% are decided, {what}", figures["right_at_80"], 0.96, aim=0.98)


if __name__ == "__main__":
    main()
