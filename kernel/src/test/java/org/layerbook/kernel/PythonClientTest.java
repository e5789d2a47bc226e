package org.layerbook.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The echo kernel under Jupyter's own client library, and under jupyter-kernel-test where that is installed. The Python
 * is {@code LAYERBOOK_TEST_PYTHON}, or the first on the PATH that has the module; without one the test is skipped.
 */
class PythonClientTest {
    @TempDir
    private Path folder;

    @Test
    void jupyterClientTalksToIt() throws Exception {
        run("jupyter_client", "echo_client.py", "echo");
    }

    @Test
    void jupyterKernelTestPasses() throws Exception {
        run("jupyter_kernel_test", "kernel_suite.py", "echo");
    }

    private void run(String module, String script, String argument) throws Exception {
        Optional<String> python = pythonWith(module);
        assumeTrue(python.isPresent(), "no Python with " + module);
        Scripts.run(folder, List.of(python.orElseThrow(), "src/test/python/" + script, argument));
    }

    private static Optional<String> pythonWith(String module) {
        List<String> candidates = new ArrayList<>();
        Optional.ofNullable(System.getenv("LAYERBOOK_TEST_PYTHON")).ifPresent(candidates::add);
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> folder + "/python3")
                .filter(python -> Files.isExecutable(Path.of(python)))
                .forEach(candidates::add);
        return candidates.stream().filter(python -> has(python, module)).findFirst();
    }

    private static boolean has(String python, String module) {
        try {
            return new ProcessBuilder(python, "-c", "import " + module)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
