from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from ui.bridge import Bridge

COUNT = 500


def test_messages_of_other_threads_arrive_in_order_in_the_gui_thread(
    qtbot: QtBot, bridge: Bridge
) -> None:
    batches: list[list[object]] = []
    threads: set[QThread] = set()

    def take(messages: list[object]) -> None:
        batches.append(messages)
        threads.add(QThread.currentThread())

    bridge.delivered.connect(take)

    def send(name: str) -> None:
        for number in range(COUNT):
            bridge.post((name, number))

    senders = [threading.Thread(target=send, args=(name,)) for name in "ab"]
    for sender in senders:
        sender.start()
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 2 * COUNT)
    got = [message for batch in batches for message in batch]
    for name in "ab":
        assert [m for m in got if m[0] == name] == [(name, n) for n in range(COUNT)]  # type: ignore[index]
    application = QCoreApplication.instance()
    assert application is not None
    assert threads == {application.thread()}


def test_what_comes_at_once_is_handed_on_together(qtbot: QtBot, bridge: Bridge) -> None:
    batches: list[list[object]] = []
    bridge.delivered.connect(batches.append)
    for number in range(COUNT):
        bridge.post(number)
    qtbot.waitUntil(lambda: bool(batches))
    assert batches == [list(range(COUNT))]


def test_a_message_after_the_last_delivery_rings_again(qtbot: QtBot, bridge: Bridge) -> None:
    got: list[object] = []
    bridge.delivered.connect(got.extend)
    for number in range(5):
        bridge.post(number)
        qtbot.waitUntil(lambda: len(got) == number + 1)  # noqa: B023


def test_work_runs_elsewhere_and_its_result_comes_back(qtbot: QtBot, bridge: Bridge) -> None:
    got: list[object] = []
    bridge.delivered.connect(got.extend)
    bridge.run("work", lambda: threading.current_thread().name)
    qtbot.waitUntil(lambda: got == ["work"])


def test_a_closed_bridge_takes_messages_and_delivers_none(qtbot: QtBot, bridge: Bridge) -> None:
    got: list[object] = []
    bridge.delivered.connect(got.extend)
    bridge.close()
    sender = threading.Thread(target=lambda: bridge.post("late"))
    sender.start()
    sender.join()
    qtbot.wait(50)
    assert got == []
