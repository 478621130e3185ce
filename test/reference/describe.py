"""How a program ended, for plain.c, which runs this in the namespace of structure.py: there is no module to import."""

READ_TRACEBACK = BaseException.__dict__["__traceback__"].__get__
SYNTAX_ERROR_FILE = SyntaxError.__dict__["filename"].__get__
SYNTAX_ERROR_LINE = SyntaxError.__dict__["lineno"].__get__


def line_in_program(exception):
    line = None
    traceback = READ_TRACEBACK(exception)
    compiling = traceback is None and inherits(type(exception), SyntaxError)
    if compiling and is_of_program(SYNTAX_ERROR_FILE(exception)):
        return SYNTAX_ERROR_LINE(exception)
    while traceback is not None:
        if is_of_program(traceback.tb_frame.f_code.co_filename):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def describe(result, exception, has_result):
    """How a program ended, as JSON in bytes."""
    if type(exception) is not type(None):
        cls = type(exception)
        line = line_in_program(exception)
        # Code that never began to run leaves no traceback.
        status = "syntax-error" if READ_TRACEBACK(exception) is None else "exception"
        shown = [
            ("type", type_name(cls)),
            ("message", message(exception)),
            ("value", Structure().text(exception)),
            ("line", line),
            ("asksToExit", inherits(cls, SystemExit)),
        ]
        return f'{{"status": "{status}", "result": null, "exception": {json_object(shown)}}}'.encode()
    value = "null"
    if has_result:
        structure = Structure()
        text = structure.text(result)
        shown = [("type", type_name(type(result))), ("repr", text), ("structural", structure.structural)]
        value = json_object(shown)
    return f'{{"status": "ok", "result": {value}, "exception": null}}'.encode()


def json_object(pairs):
    return "{" + ", ".join(f'"{name}": {json_value(value)}' for name, value in pairs) + "}"


def json_value(value):
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    units = value.encode("utf-16-le", "surrogatepass")
    codes = (units[i] | units[i + 1] << 8 for i in range(0, len(units), 2))
    return '"' + "".join(chr(c) if 32 <= c < 127 and c not in (34, 92) else f"\\u{c:04x}" for c in codes) + '"'
