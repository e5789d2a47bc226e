package org.layerbook.interpreter.session;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.magic.CellPort;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.magic.NestedFailureException;

/** Runs what a magic adds to the cell that it stands in. */
record NestedCellPort(RunningCell cell, NestedRuns runs, SourceRange place) implements CellPort {
    @Override
    public void run(String code, int line) throws NestedFailureException {
        if (runs.run(code, line) instanceof CellResult.Failed failed) {
            throw new NestedFailureException(failed);
        }
    }

    @Override
    public String capture(String code, int line) throws NestedFailureException {
        cell.output().beginCapture();
        String text;
        try {
            run(code, line);
        } finally {
            text = cell.output().endCapture();
        }
        return text;
    }

    @Override
    public int docker(List<String> words, String stdin) throws MagicException {
        var all = new ArrayList<String>(List.of("docker"));
        all.addAll(words);
        var input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        try {
            return new DockerRunner(cell)
                    .run(all, place, new DockerRunner.Redirected(input, Optional.empty(), cell.environment()));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }
}
