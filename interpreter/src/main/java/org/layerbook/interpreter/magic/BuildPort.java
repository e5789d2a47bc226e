package org.layerbook.interpreter.magic;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.interpreter.report.StagesReport;

/** The session's build, as magics see and change it. */
public interface BuildPort {
    /** @return whether it replaced an earlier build of that name */
    boolean begin(Optional<String> name);

    /** @return titles of the cells that were undone, the last one first; fewer than {@code count} when there were fewer */
    List<String> undo(int count);

    void reset();

    /** Runs the stale cells again in their order, each in its build, or every cell when there is none. */
    Replayed replay() throws NestedFailureException;

    /** @param cells titles of the cells that ran; @param waiting of those whose build there is no way back to */
    record Replayed(List<String> cells, List<String> waiting) {}

    /** Carries out a Dockerfile's instructions in this session. @param until the last line to take, from 1 */
    void load(Path file, Optional<Integer> until) throws MagicException, NestedFailureException;

    /** The current state, in a sentence. */
    String standing();

    StagesReport stages();

    Optional<Stage> liveStage();

    /** The live build as a Dockerfile that gives the same image when it is built alone. */
    String dockerfile() throws MagicException;

    /** What paths of COPY and ADD start from. */
    Path context();

    void setContext(Path folder);

    Map<String, String> args();

    void setArgs(Map<String, String> args);
}
