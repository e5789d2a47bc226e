package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.interpreter.magic.HostPort;
import org.layerbook.interpreter.magic.MagicException;

/** The host as the magics of a running cell see it. */
record CellHostPort(RunningCell cell, SourceRange place) implements HostPort {
    @Override
    public Path workingDirectory() {
        return cell.shell().directory();
    }

    @Override
    public void setWorkingDirectory(Path folder) {
        cell.setShell(cell.shell().in(folder));
    }

    @Override
    public Map<String, String> environment() {
        return cell.shell().environment();
    }

    @Override
    public void setEnvironment(Map<String, String> environment) {
        cell.setShell(cell.shell().with(environment));
    }

    @Override
    public boolean shellFallback() {
        return cell.shell().shellFallback();
    }

    @Override
    public void setShellFallback(boolean on) {
        cell.setShell(cell.shell().withShellFallback(on));
    }

    @Override
    public int run(List<String> argv) throws MagicException {
        try {
            return new HostRunner(cell).run(command(argv), place);
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public int run(List<String> argv, String stdin) throws MagicException {
        try {
            return new HostRunner(cell).run(command(argv), stdin, place);
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    private HostCommand command(List<String> argv) {
        return new HostCommand(argv, workingDirectory(), environment());
    }
}
