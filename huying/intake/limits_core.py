"""How often the same network or account may file, without ever dropping anything in silence.

Counting is a sliding window over two fixed buckets: the events of the running bucket, plus those of the
bucket before it by the share the window still covers. The caller reads the counts, asks `decide`, and adds
one to each count for what it accepts or holds (not for what it refuses: who was refused is let in when the
time told to him is up).
"""

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from huying.kit.errors import Reason, Refusal

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_NARROW = {4: 32, 6: 64}  # one subscriber: in IPv6 each holds a whole /64 at least (RFC 6177)
_WIDE = {4: 24, 6: 48}  # one site, which could otherwise walk through its narrow networks


def _(sentence: str) -> str:
    """Mark a sentence for the translators; this module does without Django, the door translates."""
    return sentence


FILING_OFTEN = Reason(
    "filing_often",
    _("Many appeals came from here in a short time. Yours is kept; a person will look at it first."),
    status=202,
)
FILING_TOO_OFTEN = Reason(
    "filing_too_often",
    _("Too many appeals came from here. Please try again in {seconds} seconds, or call the hotline."),
    status=429,
    retry=True,
)


class NetworkUnknown(ValueError):  # noqa: N818 (named for what is wrong, as the house does)
    """The text is no IP address: a proxy is set up wrongly. Retrying is no use; the set-up must be mended."""


class Level(StrEnum):
    """Whose events are counted together."""

    SUBSCRIBER = "subscriber"
    """One IPv4 address or one IPv6 /64."""
    NETWORK = "network"
    """One IPv4 /24 or one IPv6 /48."""
    ACCOUNT = "account"
    """One signed-in account, from wherever it comes."""


class Outcome(StrEnum):
    """What becomes of one event."""

    ALLOW = "allow"
    HOLD = "hold"
    """Accepted and kept, but a person looks at it before it is dispatched."""
    REFUSE = "refuse"
    """Not accepted, and told so, with the time after which it will be."""


@dataclass(frozen=True, slots=True)
class Window:
    """So many events in so many seconds pass freely, so many more are held, the rest is refused.

    `free` ≤ `most`; the event numbered `free` + 1 is held, the one numbered `most` + 1 refused.
    """

    seconds: int
    free: int
    most: int

    def __post_init__(self) -> None:
        if self.seconds <= 0 or not 0 <= self.free <= self.most or self.most == 0:
            raise ValueError(f"a window needs seconds > 0, 0 <= free <= most and most > 0, not {self}")


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """The windows of each level. A level without windows is not limited.

    The defaults are for filing appeals. An account is one person, who seldom has more than a few matters a
    day. A subscriber may be a household, a market or, behind a carrier's address translation, some hundreds
    of phones that all write when the water fails; so much is held before anything is refused. Staff who
    type for others and channels with a key of their own (hotline, import) are not asked at all.
    """

    subscriber: tuple[Window, ...] = (
        Window(_MINUTE, free=6, most=30),
        Window(_HOUR, free=40, most=200),
        Window(_DAY, free=150, most=1_000),
    )
    network: tuple[Window, ...] = (Window(_MINUTE, free=60, most=300), Window(_HOUR, free=600, most=3_000))
    account: tuple[Window, ...] = (
        Window(_MINUTE, free=3, most=10),
        Window(_HOUR, free=10, most=40),
        Window(_DAY, free=30, most=100),
    )

    def windows(self, level: Level) -> tuple[Window, ...]:
        """Return the windows of a level."""
        by_level: Mapping[Level, tuple[Window, ...]] = {
            Level.SUBSCRIBER: self.subscriber,
            Level.NETWORK: self.network,
            Level.ACCOUNT: self.account,
        }
        return by_level[level]


APPEALS = LimitPolicy()
PHOTOS = LimitPolicy(
    subscriber=(Window(_MINUTE, free=60, most=60), Window(_HOUR, free=400, most=400)),
    network=(Window(_HOUR, free=4_000, most=4_000),),
    account=(Window(_HOUR, free=120, most=120), Window(_DAY, free=300, most=300)),
)
"""For photos sent ahead of their appeal: decoding costs time, and holding one would help nobody."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often one subject was seen in one window, the event in question not included.

    `running` are the events of the bucket the moment lies in, `elapsed_seconds` its age at that moment
    (0 ≤ elapsed < window), `before` the events of the whole bucket before it.
    """

    level: Level
    window_seconds: int
    running: int
    before: int
    elapsed_seconds: float

    def estimate(self) -> float:
        """Return the events within one window back from the moment, those of `before` taken as even."""
        return self.running + self.before * (1 - self.elapsed_seconds / self.window_seconds)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the event, why, and after how many seconds it would not be refused (0 if it is not)."""

    outcome: Outcome
    reason: Reason | None = None
    level: Level | None = None
    retry_after_seconds: int = 0

    @property
    def reason_key(self) -> str | None:
        """Return the key of the reason, None when the event passes freely."""
        return self.reason.key if self.reason else None

    def raise_if_refused(self) -> None:
        """Raise the refusal that the page and the API show: HTTP 429 with Retry-After."""
        if self.outcome is Outcome.REFUSE and self.reason:
            raise Refusal(
                self.reason, retry_after_seconds=self.retry_after_seconds, seconds=self.retry_after_seconds
            )


ALLOWED = Decision(Outcome.ALLOW)


def network_of(ip: str) -> tuple[str, str]:
    """Return the subscriber and the network an address belongs to, as prefixes.

    IPv4 gives its /32 and /24, IPv6 its /64 and /48. An IPv4 address written as IPv6 (`::ffff:1.2.3.4`)
    counts as IPv4, a zone (`%eth0`) is dropped. Raises NetworkUnknown for anything else.
    """
    try:
        address = ipaddress.ip_address(ip.strip().partition("%")[0])
    except ValueError as error:
        raise NetworkUnknown(ip) from error
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    narrow, wide = (
        ipaddress.ip_network(f"{address}/{bits[address.version]}", strict=False) for bits in (_NARROW, _WIDE)
    )
    return str(narrow), str(wide)


def subjects_of(ip: str, account: str | None = None) -> dict[Level, str]:
    """Return whom one event is counted for. Raises NetworkUnknown."""
    subscriber, network = network_of(ip)
    subjects = {Level.SUBSCRIBER: subscriber, Level.NETWORK: network}
    return subjects | {Level.ACCOUNT: account} if account else subjects


def blinded(level: Level, subject: str, *, secret: bytes) -> str:
    """Return a subject as it may be stored: countable, but without the secret no address can be read off."""
    return hmac.new(secret, f"{level}:{subject}".encode(), hashlib.sha256).hexdigest()[:32]


def bucket_of(at: datetime, window_seconds: int) -> tuple[datetime, float]:
    """Return when the bucket began that the aware moment lies in, and the seconds since."""
    seconds = at.timestamp()
    elapsed = seconds % window_seconds
    return datetime.fromtimestamp(seconds - elapsed, UTC), elapsed


def decide(counts: Iterable[Count], policy: LimitPolicy = APPEALS) -> Decision:
    """Judge one more event by all counts; the strictest window speaks.

    Counts of windows the policy does not have are passed over, and a window without a count has seen
    nothing, so a policy can change while counts are kept. Of several refusing windows the longest wait is
    told.
    """
    decision = ALLOWED
    for count in counts:
        for window in policy.windows(count.level):
            if window.seconds == count.window_seconds:
                decision = max(decision, _judge(count, window), key=_severity)
    return decision


def _judge(count: Count, window: Window) -> Decision:
    events = count.estimate() + 1
    if events > window.most:
        wait = _wait_seconds(count, window.most)
        return Decision(Outcome.REFUSE, FILING_TOO_OFTEN, count.level, wait)
    if events > window.free:
        return Decision(Outcome.HOLD, FILING_OFTEN, count.level)
    return ALLOWED


def _severity(decision: Decision) -> tuple[int, int]:
    return list(Outcome).index(decision.outcome), decision.retry_after_seconds


def _wait_seconds(count: Count, most: int) -> int:
    """Return after how many whole seconds one more event fits, if nothing else happens meanwhile.

    Within the running bucket the share of the one before fades evenly; once it is over, the running one
    is itself the one before and fades over another window.
    """
    window, room = count.window_seconds, most - 1
    if count.running <= room:
        fading, from_second, kept = count.before, -count.elapsed_seconds, count.running
    else:
        fading, from_second, kept = count.running, window - count.elapsed_seconds, 0
    wait = from_second + window * (1 - (room - kept) / fading)
    return max(1, math.ceil(wait))
