def escape(s, quote=True):
    s = s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quote:
        s = s.replace('"', "&quot;").replace("'", "&#x27;")
    return s


def unescape(s):
    s = s.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return s.replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&")
