package org.layerbook.engine.dockerfile.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.dockerfile.Instruction;

/** One FROM with what follows it. Identity counts: two stages may look the same. */
final class CheckedStage {
    final Instruction.From from;
    /** What the FROM names, variables expanded. */
    final String base;
    /** Its name, or {@code stage-N}. */
    final String label;
    /** The stage that it begins with; absent for an image. */
    final Optional<CheckedStage> parent;

    final List<Instruction> instructions = new ArrayList<>();
    /** The stages that this one copies or mounts from, each with the last instruction that does: the one that BuildKit names in a circle. */
    final Map<CheckedStage, Instruction> needs = new LinkedHashMap<>();

    CheckedStage(Instruction.From from, String base, String label, Optional<CheckedStage> parent) {
        this.from = from;
        this.base = base;
        this.label = label;
        this.parent = parent;
    }

    /**
     * The instruction of this stage with which a circle of stages begins. A FROM cannot close one: it only sees stages
     * above it.
     *
     * @param done stages that are in no circle; those that this one needs are added
     */
    Optional<Instruction> findCycle(Set<CheckedStage> done) {
        // A stack of our own: a file may have more stages than Java's has room for.
        var path = new LinkedHashMap<CheckedStage, Iterator<CheckedStage>>();
        path.put(this, needs.keySet().iterator());
        Optional<CheckedStage> first = Optional.empty();
        while (!path.isEmpty()) {
            var here = path.lastEntry();
            if (!here.getValue().hasNext()) {
                done.add(here.getKey());
                path.pollLastEntry();
                continue;
            }
            CheckedStage next = here.getValue().next();
            first = here.getKey() == this ? Optional.of(next) : first;
            if (path.containsKey(next)) {
                return first.map(needs::get);
            }
            if (!done.contains(next)) {
                path.put(next, next.needs.keySet().iterator());
            }
        }
        return Optional.empty();
    }

    /** This stage and all that it stands on or takes from. */
    Set<CheckedStage> needed() {
        var needed = new HashSet<CheckedStage>();
        var open = new ArrayDeque<CheckedStage>(List.of(this));
        while (!open.isEmpty()) {
            CheckedStage stage = open.pop();
            if (needed.add(stage)) {
                stage.parent.ifPresent(open::push);
                stage.needs.keySet().forEach(open::push);
            }
        }
        return needed;
    }
}
