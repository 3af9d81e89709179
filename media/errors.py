"""Errors of the media package: one base, one line each."""


class MediaError(Exception):
    """Something about media that a person can be told: what happened, why, and what to do."""

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(f"{title}: {detail}" if detail else title)
        self.title = title
        self.detail = detail
        self.hint = hint


class ManifestError(MediaError): ...


class EncoderError(MediaError): ...


class MuxerError(MediaError): ...


class UnreadableMedia(MediaError): ...


class RenditionError(MediaError): ...


class FragmentError(MediaError): ...


class TranscriptError(MediaError): ...


class SpeechError(MediaError): ...
