"""Answers for decoder processes that misbehave on request; the name of the "file" says how."""

import ctypes
import os
import sys
import threading
import time

from photofind.indexing.prepare import PrepareRequest, Request, answer


def misbehave(request: Request) -> object:
    """Do what the path says, else answer as the product does."""
    name, _, argument = request.path.decode("ascii", "replace").partition(":")
    match name:
        case "hang":
            threading.Event().wait()
        case "hang-holding-the-interpreter":
            ctypes.PyDLL(None).pause()
        case "exit":
            os._exit(3)
        case "segfault":
            ctypes.string_at(0)
        case "allocate":
            return len(bytearray(int(argument)))
        case "fault":
            raise KeyError("a bug")
        case "print":
            print("noise")
            os.write(1, b"noise")
            os.write(2, b"noise")
            return os.getpid()
        case "pid":
            return os.getpid()
        case "nice":
            return os.nice(0)
        case "modules":
            return sorted(sys.modules)
        case "threads":
            return os.environ["OPENBLAS_NUM_THREADS"], os.environ["OMP_NUM_THREADS"]
        case "wait-for":
            while not os.path.exists(argument):
                time.sleep(0.005)  # in the child; nothing to wait on
            return argument
        case "crash-once":
            if not os.path.exists(argument):
                open(argument, "w").close()
                os._exit(3)
            return "second"
        case "note":
            with open(argument, "a") as file:
                file.write(".")
            return argument
        case "peak":
            reply = answer(PrepareRequest(os.fsencode(argument), 160))
            with open("/proc/self/status") as status:  # ru_maxrss would count the parent's memory before exec
                return reply, next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
        case _:
            return answer(request)
    return None
