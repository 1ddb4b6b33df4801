from _io_streams import StringIO, BytesIO

open = open
SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2
