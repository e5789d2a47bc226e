package org.layerbook.interpreter.session.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.image.Image;

/**
 * A session as a value: how its state came to be, cell by cell.
 *
 * @param checkpoints oldest first; each begins where the one before it ended
 * @param stale cells that have left the state because one before them was run again, in the order they were run in
 * @param produced the live image after each {@code In[N]}, also of cells that have left the state
 */
public record SessionHistory(
        List<Checkpoint> checkpoints, List<Checkpoint.Stale> stale, SortedMap<Integer, Image> produced) {
    public static final SessionHistory EMPTY = new SessionHistory(List.of(), List.of(), new TreeMap<>());

    public SessionHistory {
        checkpoints = List.copyOf(checkpoints);
        stale = List.copyOf(stale);
        produced = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(produced));
    }

    public SessionState state() {
        return checkpoints.isEmpty()
                ? SessionState.EMPTY
                : checkpoints.getLast().after();
    }

    /** Where the cell changed the state, if it did. */
    public Optional<Integer> positionOf(Optional<String> cellId) {
        for (int i = 0; i < checkpoints.size(); i++) {
            if (cellId.isPresent() && checkpoints.get(i).cell().id().equals(cellId)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Back to before the checkpoint at {@code position}; the cells after it are stale. */
    public SessionHistory rewoundTo(int position) {
        var left = new ArrayList<>(staleAfter(position + 1));
        left.addAll(stale);
        return new SessionHistory(checkpoints.subList(0, position), left, produced);
    }

    private List<Checkpoint.Stale> staleAfter(int position) {
        return checkpoints.subList(position, checkpoints.size()).stream()
                .map(Checkpoint::stale)
                .toList();
    }

    /**
     * What {@code %replay} has to run.
     *
     * @param base the history to run them on; they are stale in it
     * @param cells in their order
     * @param homeless stale cells whose build there is no way back to; they stay as they are
     */
    public record Replay(SessionHistory base, List<Checkpoint.Stale> cells, List<Checkpoint.Stale> homeless) {}

    /**
     * Every stale cell where its build was live last, and what came after that again; every cell when none is stale. A
     * cell is never run in another build than its own.
     */
    public Replay replay() {
        if (stale.isEmpty()) {
            List<Checkpoint.Stale> all = staleAfter(0);
            return new Replay(cutAt(0).withStale(all), all, List.of());
        }
        var homeless = new ArrayList<Checkpoint.Stale>();
        SortedMap<Integer, List<Checkpoint.Stale>> places = new TreeMap<>();
        Map<Integer, Optional<Integer>> ofBuild = new HashMap<>();
        ofBuild.put(state().liveBuild().number(), Optional.of(checkpoints.size()));
        for (Checkpoint.Stale cell : stale) {
            Optional<Integer> place = ofBuild.computeIfAbsent(cell.build(), this::leftAt);
            place.ifPresentOrElse(
                    at -> places.computeIfAbsent(at, ignored -> new ArrayList<>())
                            .add(cell),
                    () -> homeless.add(cell));
            if (cell.leavesLive() != cell.build()) {
                // It begins another build, which the stale cells after it belong to.
                ofBuild.put(cell.leavesLive(), place);
            }
        }
        if (places.isEmpty()) {
            return new Replay(this, List.of(), homeless);
        }
        int from = places.firstKey();
        var cells = new ArrayList<Checkpoint.Stale>();
        for (int at = from; at <= checkpoints.size(); at++) {
            cells.addAll(places.getOrDefault(at, List.of()));
            if (at < checkpoints.size()) {
                cells.add(checkpoints.get(at).stale());
            }
        }
        var all = new ArrayList<>(cells);
        all.addAll(homeless);
        return new Replay(cutAt(from).withStale(all), cells, homeless);
    }

    /** Where another build followed upon this one for the last time. */
    private Optional<Integer> leftAt(int build) {
        for (int i = checkpoints.size() - 1; i >= 0; i--) {
            Checkpoint.Stale cell = checkpoints.get(i).stale();
            if (cell.build() == build && cell.leavesLive() != build) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Back by so many checkpoints, all when there are fewer; nothing becomes stale. */
    public SessionHistory undone(int count) {
        int kept = Math.max(0, checkpoints.size() - count);
        return new SessionHistory(checkpoints.subList(0, kept), stale, produced);
    }

    public SessionHistory reset() {
        return new SessionHistory(List.of(), List.of(), produced);
    }

    /** The cell has run; it is not stale any more, and where it changed the state there is a checkpoint. */
    public SessionHistory after(Checkpoint.Ran cell, SessionState state) {
        SessionHistory fresh = withoutStale(cell);
        if (state == state()) {
            return fresh;
        }
        var longer = new ArrayList<>(checkpoints);
        longer.add(new Checkpoint(cell, state(), state));
        return new SessionHistory(longer, fresh.stale, produced);
    }

    private SessionHistory withoutStale(Checkpoint.Ran cell) {
        return new SessionHistory(
                checkpoints,
                stale.stream().filter(s -> !s.cell().isSameAs(cell)).toList(),
                produced);
    }

    /** What the user has deleted is not waiting to be run again. */
    public SessionHistory withoutStale(Set<String> deleted) {
        return new SessionHistory(
                checkpoints,
                stale.stream()
                        .filter(s -> s.cell().id().filter(deleted::contains).isEmpty())
                        .toList(),
                produced);
    }

    public SessionHistory withMoreStale(List<Checkpoint.Stale> before) {
        var all = new ArrayList<>(before);
        all.addAll(stale);
        return withStale(all);
    }

    /** Only the checkpoints before {@code position}. */
    public SessionHistory cutAt(int position) {
        return new SessionHistory(checkpoints.subList(0, position), stale, produced);
    }

    SessionHistory withStale(List<Checkpoint.Stale> changed) {
        return new SessionHistory(checkpoints, changed, produced);
    }

    /** Remembers what {@code @[N]} names from now on. */
    public SessionHistory withProduced(Optional<Integer> number) {
        Optional<Image> image = state().liveImage();
        if (number.isEmpty() || image.isEmpty()) {
            return this;
        }
        var more = new TreeMap<>(produced);
        more.put(number.get(), image.get());
        return new SessionHistory(checkpoints, stale, more);
    }

    /** The first checkpoint of a cell that was deleted. */
    public Optional<Integer> firstOf(Set<String> deleted) {
        for (int i = 0; i < checkpoints.size(); i++) {
            if (checkpoints.get(i).cell().id().filter(deleted::contains).isPresent()) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
