"""Sees every thread from its first instruction: the functions that start one are replaced."""

import _thread
import sys
import threading

FUNCTIONS = ("start_new_thread", "start_joinable_thread")


class ThreadStarts:
    def __init__(self, trace):
        self.trace = trace
        self.started = 0
        self.numbers = {}  # by identifier; that of an ended thread is overwritten when it is used again

    def number(self):
        return self.numbers.get(threading.get_ident(), 0)

    def watch(self):
        for name in FUNCTIONS:
            if hasattr(_thread, name):
                traced = self.traced(getattr(_thread, name))
                setattr(_thread, name, traced)
                setattr(threading, "_" + name, traced)

    def traced(self, start):
        def started(function, *args, **keywords):
            self.started += 1
            number = self.started

            def run(*args, **keywords):
                self.numbers[threading.get_ident()] = number
                sys.settrace(self.trace)
                function(*args, **keywords)

            return start(run, *args, **keywords)

        return started
