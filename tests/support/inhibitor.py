"""A double of a desktop service that holds something back, or notifies: `python -m tests.support.inhibitor
NAME`.

Prints a JSON line for each call it got; every cookie is 7. It can do
`inhibitions`, or what the other arguments say. Each notification that can be clicked is, at once.
"""

import json
import sys

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import Proxy, open_dbus_connection

NOTIFICATIONS = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")


def main() -> None:
    bus = open_dbus_connection("SESSION")
    Proxy(message_bus, bus).RequestName(sys.argv[1], 0)
    print("ready", flush=True)
    while True:
        call = bus.receive()
        if call.header.message_type != MessageType.method_call:
            continue
        method = call.header.fields[HeaderFields.member]
        values = [value for value in call.body if isinstance(value, str | int)]
        print(json.dumps({"event": method, "values": values}), flush=True)
        answers = {
            "Inhibit": ("u", (7,)),
            "GetCapabilities": ("as", (sys.argv[2:] or ["inhibitions"],)),
            "Notify": ("u", (7,)),
        }
        bus.send(new_method_return(call, *answers.get(method, ())))
        if method == "Notify" and "default" in call.body[5]:
            bus.send(new_signal(NOTIFICATIONS, "ActionInvoked", "us", (7, "default")))


if __name__ == "__main__":
    main()
