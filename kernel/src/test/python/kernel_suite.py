"""jupyter-kernel-test's suite on a kernel: /usr/bin/python3 kernel_suite.py layerbook|echo [unittest arguments]

`layerbook` is the installed kernel; `echo`, the tests' own, runs the same suite without a store.
"""

import sys
import unittest

import jupyter_kernel_test


class Suite(jupyter_kernel_test.KernelTests):
    language_name = "dockerfile"
    file_extension = ".dockerfile"
    supported_history_operations = ("tail", "range", "search")


class LayerbookTests(Suite):
    kernel_name = "layerbook"
    code_hello_world = "!echo hello, world"
    code_stderr = "!echo oops >&2"
    completion_samples = [
        {"text": "FRO", "matches": {"FROM"}},
        {"text": "HEALTHC", "matches": {"HEALTHCHECK"}},
        {"text": "%lsm", "matches": {"%lsmagic"}},
    ]
    complete_code_samples = ["FROM scratch", "RUN a \\\n  b", "RUN <<EOF\na\nEOF", "docker images", "# note", "%stages"]
    incomplete_code_samples = ["RUN a \\", "RUN <<EOF\na", "COPY <<A <<B /\na\nA\n"]
    invalid_code_samples = ["FROMM scratch", "FROM"]
    code_generate_error = "FROMM scratch"
    code_execute_result = [{"code": "FROM scratch", "mime": "text/html"}, {"code": "RUN?"}]
    code_display_data = [{"code": "docker build - <<EOF\nFROM scratch\nLABEL a=b\nEOF", "mime": "text/html"}]
    code_history_pattern = "RU*"
    code_inspect_sample = "RUN"


class EchoTests(Suite):
    kernel_name = "echo"
    code_hello_world = "echo hello, world"
    code_stderr = "err oops"
    completion_samples = [{"text": "ec", "matches": {"echo"}}, {"text": "e", "matches": {"echo", "err"}}]
    complete_code_samples = ["echo a", "value"]
    incomplete_code_samples = ["echo \\"]
    invalid_code_samples = ["(a"]
    code_generate_error = "fail here"
    code_execute_result = [{"code": "41", "result": "41"}, {"code": "show b", "result": "b"}]
    code_display_data = [{"code": "live 2", "mime": "text/html"}]
    code_history_pattern = "4?*"
    code_inspect_sample = "echo"


if __name__ == "__main__":
    suite = {"layerbook": LayerbookTests, "echo": EchoTests}[sys.argv.pop(1)]
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(suite)
    result = unittest.TextTestRunner(verbosity=2).run(tests)
    sys.exit(not result.wasSuccessful())
