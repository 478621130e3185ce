# sys.monitoring, which no free_tool_id() clears.
#: id callbacks that outlive their tool
#: on 3.12+
import sys
M = sys.monitoring
M.use_tool_id(3, "evil")
M.register_callback(3, M.events.PY_START, lambda *_: print("EVIL"))
M.set_events(3, M.events.PY_START)
M.free_tool_id(3)
#: witness
def f(): return 1
print(f())
#: id tool that is left
#: on 3.12+
import sys
M = sys.monitoring
M.use_tool_id(3, "evil")
M.register_callback(3, M.events.CALL, lambda *_: print("EVIL"))
M.set_events(3, M.events.CALL)
#: witness
import sys
print(sys.monitoring.get_tool(3), sys.monitoring.get_events(3) if sys.monitoring.get_tool(3) else 0)
#: id events of a library's function
#: on 3.12+
import sys, json
M = sys.monitoring
M.use_tool_id(3, "evil")
M.register_callback(3, M.events.LINE, lambda code, line: print("EVIL"))
M.set_local_events(3, json.loads.__code__, M.events.LINE)
#: witness
import json
print(json.loads("[1]"))
#: id events switched off for good
#: on 3.12+
import sys, json
M = sys.monitoring
M.use_tool_id(3, "evil")
M.register_callback(3, M.events.PY_START, lambda *_: M.DISABLE)
M.set_events(3, M.events.PY_START)
json.loads("[1]")
M.set_events(3, 0)
M.free_tool_id(3)
#: witness
import sys, json
M = sys.monitoring
M.use_tool_id(3, "mine")
seen = []
M.register_callback(3, M.events.PY_START, lambda code, offset: seen.append(code.co_name) if code is json.loads.__code__ else None)
M.set_events(3, M.events.PY_START)
json.loads("[1]")
M.set_events(3, 0)
M.free_tool_id(3)
print(seen)
#: id events at an exception
#: on 3.12+
import sys
M = sys.monitoring
M.use_tool_id(4, "evil")
def raising(*_): raise ValueError("EVIL")
M.register_callback(4, M.events.RAISE, raising)
M.set_events(4, M.events.RAISE)
M.free_tool_id(4)
#: witness
try: {}["mine"]
except KeyError as error: print(error)
