"""Where media lie and how they go out, as the settings choose."""

from server.adapters.blobs_local import LocalBlobs
from server.config import MediaDelivery, Settings
from server.errors import SetupError
from server.ports.blobs import Archive, BlobStore
from server.streaming.delivery import Delivery, FromBucket, FromServer, ThroughNginx


async def check(settings: Settings) -> None:
    """Raises SetupError for settings that cannot work, before anything listens."""
    delivery_of(settings, await open_blobs(settings))


async def open_blobs(settings: Settings) -> BlobStore:
    """Raises SetupError."""
    local = LocalBlobs(settings.media_root)
    if not settings.blobs_url:
        return local
    scheme = settings.blobs_url.partition("://")[0]
    if scheme != "s3":
        raise SetupError(
            "The object storage is of an unknown kind",
            f"HEDDLE_BLOBS_URL begins with {scheme!r}; s3://bucket/prefix is known.",
            "Without HEDDLE_BLOBS_URL recordings are kept in the data folder alone.",
        )
    try:
        from server.adapters import blobs_s3  # noqa: PLC0415 (needs the extra `scale`)
    except ImportError as missing:
        raise SetupError(
            "Object storage needs another package",
            f"HEDDLE_BLOBS_URL is set, but {missing.name} is not installed.",
            "Install Heddle with its extra `scale`.",
        ) from missing
    bucket = blobs_s3.open_bucket(settings.blobs_url)
    blobs = blobs_s3.S3Blobs(local, LocalBlobs(settings.data / "moved"), bucket)
    await blobs.check()
    return blobs


def delivery_of(settings: Settings, blobs: BlobStore) -> Delivery:
    """Raises SetupError."""
    if settings.media_delivery is MediaDelivery.PRESIGNED:
        if not isinstance(blobs, Archive):
            raise SetupError(
                "There is no object storage to send media from",
                "HEDDLE_MEDIA_DELIVERY is presigned, but HEDDLE_BLOBS_URL is not set.",
                "Set HEDDLE_BLOBS_URL to s3://bucket/prefix, or HEDDLE_MEDIA_DELIVERY to server or x-accel.",
            )
        return FromBucket(blobs, blobs)
    return ThroughNginx(blobs) if settings.media_delivery is MediaDelivery.X_ACCEL else FromServer(blobs)
