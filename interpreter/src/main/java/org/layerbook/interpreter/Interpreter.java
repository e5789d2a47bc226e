package org.layerbook.interpreter;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.parse.Completeness;

/**
 * The port that the front-ends drive: the kernel and the prompt know nothing else of a session. One cell runs at a time
 * ({@link #run} is called from one thread); {@link #complete}, {@link #inspect} and {@link #completeness} have no effect
 * and may be called from any thread at any time, and {@link #interrupt} too.
 */
public interface Interpreter extends AutoCloseable {
    /** Runs a cell to its end; everything it shows on the way goes to {@code output}. Never throws for the cell's own faults. */
    CellResult run(CellRequest request, CellOutput output);

    /** @param cursor in UTF-16 units */
    Completion complete(String code, int cursor);

    /** Help on what stands at the cursor. @param detail 0 or 1, as Jupyter's detail_level */
    Optional<Rendered> inspect(String code, int cursor, int detail);

    Completeness completeness(String code);

    /** Ends what runs, with its processes, within a second; the state is as before the step. Nothing when nothing runs. */
    void interrupt();

    /** Ends the session: what it held in the store is let go. */
    @Override
    void close();

    /**
     * @param cellId what the front-end calls the cell; a cell that changed the build and comes again is replaced
     * @param number the N of In[N]; empty when the front-end keeps no count for this run ({@code silent})
     * @param deletedCells ids of cells that the user has deleted since the last request, as JupyterLab tells them in
     *     {@code metadata.deletedCells}; what they built leaves the state before this cell runs
     */
    record CellRequest(String code, Optional<String> cellId, Optional<Integer> number, List<String> deletedCells) {
        public CellRequest {
            deletedCells = List.copyOf(deletedCells);
        }

        /** A front-end that tells of no deleted cells. */
        public CellRequest(String code, Optional<String> cellId, Optional<Integer> number) {
            this(code, cellId, number, List.of());
        }
    }

    /** @param start where the replaced text begins, @param end where it ends, both in UTF-16 units of the code */
    record Completion(int start, int end, List<Candidate> candidates) {
        public static Completion none(int cursor) {
            return new Completion(cursor, cursor, List.of());
        }
    }

    /** @param type a word for the front-end: {@code instruction}, {@code command}, {@code flag}, {@code image}, {@code stage}, {@code path}, {@code magic}, {@code variable} */
    record Candidate(String text, String type, String description) {}
}
