package org.layerbook.repl.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.repl.doctor.Finding.State;

class FrontEndCheckTest {
    private static final String VERSIONS = """
            Selected Jupyter core packages...
            IPython          : 9.1.0
            ipywidgets       : not installed
            jupyter_client   : 8.10.0
            jupyterlab       : 4.6.4
            """;

    @TempDir
    Path folder;

    private Path home;
    private Path bin;
    private FakeHost host;

    @BeforeEach
    void machine() throws IOException {
        home = Files.createDirectory(folder.resolve("home"));
        bin = Files.createDirectory(folder.resolve("bin"));
        host = new FakeHost(Map.of("HOME", home.toString(), "PATH", "relative:" + bin));
    }

    private Path program(String name) throws IOException {
        Path program = Files.writeString(bin.resolve(name), "");
        program.toFile().setExecutable(true);
        return program;
    }

    private Path kernelspec(Path launcher) throws IOException {
        Path spec = Files.createDirectories(home.resolve("kernels/layerbook"));
        Files.writeString(spec.resolve("kernel.json"), "{\"argv\": [\"" + launcher + "\", \"kernel\"]}");
        return spec;
    }

    private List<Finding> findings() {
        return new FrontEndCheck(new Programs(host, Duration.ofSeconds(5)), home.resolve("kernels/layerbook"))
                .findings();
    }

    @Test
    void nothingIsThere() {
        // The machine that runs this may have a kernelspec for all users.
        List<Finding> found = findings();
        assertEquals(Finding.State.ABSENT, found.get(0).state());
        assertEquals("not on the PATH", found.get(0).text());
        assertEquals(Finding.State.ABSENT, found.get(2).state());
    }

    @Test
    void allIsThere() throws IOException {
        Path jupyter = program("jupyter");
        Path spec = kernelspec(program("layerbook"));
        host.answers(VERSIONS, jupyter.toString(), "--version")
                .answers(
                        "{\"kernelspecs\": {\"layerbook\": {\"resource_dir\": \"" + spec + "\"}}}",
                        jupyter.toString(),
                        "kernelspec",
                        "list",
                        "--json");
        Path code = program("code");
        Files.createDirectories(home.resolve(".vscode/extensions/ms-toolsai.jupyter-2026.1.0"));
        assertEquals(
                List.of(
                        Finding.good("Jupyter", "jupyterlab 4.6.4, jupyter_client 8.10.0 (" + jupyter + ")"),
                        Finding.good("kernelspec", spec.toString()),
                        Finding.good("VS Code", code + ", with the Jupyter extension")),
                findings());
    }

    @Test
    void aKernelspecThatStartsNothingIsSaid() throws IOException {
        Path spec = kernelspec(folder.resolve("gone/layerbook"));
        Finding found = findings().get(1);
        assertEquals(State.WEAK, found.state());
        assertEquals(spec + ": it starts " + folder.resolve("gone/layerbook") + ", which does not exist", found.text());
    }

    @Test
    void aKernelspecThatThisJupyterDoesNotSeeIsSaid() throws IOException {
        Path jupyter = program("jupyter");
        host.answers("{\"kernelspecs\": {}}", jupyter.toString(), "kernelspec", "list", "--json");
        kernelspec(program("layerbook"));
        Finding found = findings().get(1);
        assertEquals(State.WEAK, found.state());
        assertTrue(found.text().endsWith(", where the jupyter on the PATH does not look"), found.text());
    }

    @Test
    void vsCodeWithoutTheExtensionNamesIt() throws IOException {
        program("codium");
        Finding found = findings().get(2);
        assertEquals(State.WEAK, found.state());
        assertTrue(found.notes().getFirst().contains("ms-toolsai.jupyter"), found.toString());
    }
}
