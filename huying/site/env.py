"""Every setting Huying reads from the environment, declared once, with its meaning and default."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """What an operator may set; `docs/reference/settings.md` is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="HUYING_", extra="ignore", populate_by_name=True)

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL to use, as postgresql://user:password@host:port/name. "
        "Empty: the embedded server under the data folder.",
    )
    data_dir: Path = Field(
        default=Path("var"),
        description="Folder of the embedded database, uploaded photos, logs and process files.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    web_processes: int = Field(default=2, ge=1, le=64, description="Number of web server processes.")
    web_threads: int = Field(default=4, ge=1, le=64, description="Request threads of each web process.")
    worker_processes: int = Field(default=1, ge=1, le=64, description="Number of job worker processes.")
    secret_key: str = Field(
        default="",
        description="Key that signs sessions and links. Empty: made once and kept in the data folder.",
    )
    sealed_key: str = Field(
        default="",
        description="Key that seals who reported a violation: 32 random bytes in base64; several with commas "
        "between, the first seals. Empty: made once and kept in the data folder, never in the database.",
    )
    allowed_hosts: str = Field(
        default="127.0.0.1,localhost,[::1]",
        description="Host names the site answers to, separated by commas.",
    )
    public_url: str = Field(
        default="",
        description="Address residents reach the site at, used in links and for secure cookies. "
        "Empty: http://127.0.0.1 with the port.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Number of reverse proxies in front whose X-Forwarded-For is believed.",
    )
    district: str = Field(
        default="440399",
        pattern=r"^\d{6}$",
        description="Six-digit code (GB/T 2260) of the district this town belongs to.",
    )
    demo: bool = Field(
        default=False,
        description="Demo mode: the sign-in page lists the demo accounts, phone codes are shown on screen.",
    )
    debug: bool = Field(default=False, description="Developer pages on errors. Never on a live town.")
    language: Literal["zh-hans", "zh-hant", "en"] = Field(
        default="zh-hans", description="Language of pages when the visitor has chosen none."
    )
    idle_minutes: int = Field(
        default=30,
        ge=5,
        le=720,
        description="Minutes of doing nothing after which a member of staff is signed out.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe log line that is written."
    )
    metrics_token: str = Field(
        default="",
        description="Bearer token asked for at /metrics. Empty: only this machine itself may read metrics.",
    )
    hotline: str = Field(
        default="12345",
        pattern=r"^\+?[0-9][0-9 -]{2,19}$",
        description="Telephone number of the town's hotline, as pages show and dial it.",
    )
    auto_dispatch_threshold: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="Confidence from which an appeal is dispatched without a hand.",
    )
    compare_units: bool = Field(
        default=False,
        description="Whether the numbers of units are set beside the whole, in three tiers, never in ranks. "
        "Persons are never compared.",
    )
    rating_window_days: int = Field(
        default=7,
        ge=1,
        le=90,
        description="Natural days a resident has to rate a reply before it counts as unconfirmed.",
    )
    public_pages_indexed: bool = Field(
        default=False,
        description="Let search machines take in the pages of matters the town made public.",
    )

    smtp_host: str = Field(default="", description="Mail server letters go out by. Empty: no e-mail.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is encrypted."
    )
    smtp_user: str = Field(default="", description="User name at the mail server. Empty: none is asked for.")
    smtp_password: str = Field(default="", description="Password at the mail server.")
    mail_from: str = Field(
        default="", description="Sender of e-mail, as address or as Name <address>. Empty: no e-mail."
    )
    mail_files_mb: int = Field(
        default=8,
        ge=0,
        le=25,
        description="Megabytes of files an e-mail carries at most, such as a released bulletin. 0: none.",
    )
    sms_provider: Literal["", "aliyun", "tencent"] = Field(
        default="", description="Who sends text messages. Empty: no text messages."
    )
    sms_key_id: str = Field(
        default="", description="AccessKey ID (Alibaba Cloud) or SecretId (Tencent Cloud)."
    )
    sms_key_secret: str = Field(default="", description="The secret that belongs to it.")
    sms_sign: str = Field(default="", description="Signature of text messages as the provider approved it.")
    sms_app_id: str = Field(default="", description="SdkAppId of text messages (Tencent Cloud only).")
    sms_region: str = Field(
        default="ap-guangzhou", description="Region of the text message service (Tencent Cloud only)."
    )
    sms_url: str = Field(
        default="", description="Address of the text message service or of a relay. Empty: the provider's."
    )
    wecom_robots: dict[str, str] = Field(
        default={},
        description="Keys of WeCom group robots by unit code, as JSON; units below share it, "
        '"*" is for all others.',
    )
    wecom_url: str = Field(
        default="https://qyapi.weixin.qq.com", description="Address of WeCom or of a relay."
    )
    wechat_app_id: str = Field(
        default="", description="AppID subscription messages come from. Empty: no WeChat."
    )
    wechat_app_secret: str = Field(default="", description="AppSecret that belongs to it.")
    wechat_kind: Literal["official", "mini"] = Field(
        default="official", description="Whether the AppID is an official account's or a mini-program's."
    )
    wechat_open_url: str = Field(
        default="https://open.weixin.qq.com", description="Where residents say in WeChat who they are."
    )
    wechat_url: str = Field(
        default="https://api.weixin.qq.com", description="Address of WeChat's interface or of a relay."
    )

    large_model_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/].*)?$",
        description="Address up to /v1 of an OpenAI-compatible server of your own, asked for a "
        "second opinion on what a person has to decide, without personal data. Empty: nobody is asked.",
    )
    large_model_name: str = Field(default="", description="Name of the model there. Empty: nobody is asked.")
    large_model_key: str = Field(default="", description="Key of that server. Empty: none is sent.")
    large_model_seconds: float = Field(
        default=10, gt=0, le=60, description="Seconds that server has to answer."
    )

    @property
    def site_url(self) -> str:
        """Return the address residents reach the site at, without a trailing slash."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the settings of this process, read once."""
    return Environment()
