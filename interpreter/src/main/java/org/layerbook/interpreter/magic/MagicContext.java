package org.layerbook.interpreter.magic;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StagesReport;

/** What a magic may do to the session it runs in, and see of it. Valid while the magic runs. */
public interface MagicContext {
    /** Shows a report in every form the front-end has. */
    void show(Report report);

    /** Prints text as a command does; {@code text} ends its own lines. */
    void print(String text);

    void printError(String text);

    // The build.

    /** @return what had to give way: an earlier build of that name */
    boolean newBuild(Optional<String> name);

    /** @return titles of the cells that were taken back, the last one first; fewer than {@code count} when there were fewer */
    List<String> undo(int count);

    /** What stands now, in a sentence. */
    String standing();

    void reset();

    /** Runs the stale cells again in their order, each in its build, or every cell when there is none. */
    Replayed replay() throws NestedFailureException;

    /** @param cells titles of the cells that ran; @param waiting of those whose build there is no way back to */
    record Replayed(List<String> cells, List<String> waiting) {}

    StagesReport stages();

    /** The live build as a Dockerfile that gives the same image when it is built alone. */
    String dockerfile() throws MagicException;

    /** Carries out a Dockerfile's instructions in this session. @param until the last line to take, from 1 */
    void load(Path file, Optional<Integer> until) throws MagicException, NestedFailureException;

    Optional<Stage> liveStage();

    /** The last step of the live stage. */
    Optional<StepRecord> lastStep();

    /** The image that {@code @…} names, or that is stored under a name or id. */
    Image image(String name) throws MagicException;

    /** The files of an image. */
    FileTree files(Image image) throws MagicException;

    /** The layers of an image, what each changed and what is wasted in them. */
    LayersReport layers(Image image) throws MagicException;

    /** What paths of COPY and ADD start from. */
    Path context();

    void setContext(Path folder);

    Map<String, String> args();

    void setArgs(Map<String, String> args);

    // The user's side.

    Path workingDirectory();

    void setWorkingDirectory(Path folder);

    /** What host commands and {@code $VARIABLE} see. */
    Map<String, String> environment();

    void setEnvironment(Map<String, String> environment);

    /** Whether a line that is nothing else is a command of the host's shell. */
    boolean shellFallback();

    void setShellFallback(boolean on);

    /** Runs a program on the host, its output shown as it comes. @return the exit status */
    int host(List<String> argv) throws MagicException;

    /** The same; what the program reads is {@code stdin}. */
    int host(List<String> argv, String stdin) throws MagicException;

    /** Runs a docker command. @param words without {@code docker}. @return the exit status */
    int docker(List<String> words, String stdin) throws MagicException;

    /** The registry that this session may run on this machine. */
    PracticeRegistry practiceRegistry();

    /**
     * Runs text as a part of this cell.
     *
     * @param line of the cell at which it begins, from 1
     * @throws NestedFailureException when it failed; what it did before stands
     */
    void nested(String code, int line) throws NestedFailureException;

    /** The same, and what it shows is not shown. @return what it printed and displayed, as text */
    String captured(String code, int line) throws NestedFailureException;
}
