"""Reading the first playable piece out of a playlist (RFC 8216bis)."""

from desktop.demo.viewer import first_pieces

HEAD = '#EXTM3U\n#EXT-X-MAP:URI="source.mp4",BYTERANGE="800@0"\n'


def test_a_part_is_watchable_before_its_segment_is_whole() -> None:
    playlist = HEAD + '#EXT-X-PART:DURATION=0.5,INDEPENDENT=YES,URI="source.mp4",BYTERANGE="5000@800"\n'
    assert first_pieces(playlist) == [("source.mp4", (0, 800)), ("source.mp4", (800, 5000))]


def test_a_segment_is_found_by_its_byte_range() -> None:
    playlist = HEAD + "#EXTINF:2.0,\n#EXT-X-BYTERANGE:20000@800\nsource.mp4\n"
    assert first_pieces(playlist) == [("source.mp4", (0, 800)), ("source.mp4", (800, 20000))]


def test_whole_files_need_no_range() -> None:
    assert first_pieces('#EXT-X-MAP:URI="i.mp4"\n#EXTINF:2,\na.m4s\n') == [("i.mp4", None), ("a.m4s", None)]


def test_an_empty_playlist_has_nothing_to_watch() -> None:
    assert first_pieces("#EXTM3U\n") == []
    assert first_pieces(HEAD) == []
    assert first_pieces("#EXTINF:2,\na.m4s\n") == []
