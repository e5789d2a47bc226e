package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    /** The stages that this one copies or mounts from, each with the first instruction that does. */
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
     * @param done stages looked at before, which are in no circle or on {@code path}
     * @param path the stages that lead here
     */
    Optional<Instruction> findCycle(Set<CheckedStage> done, Set<CheckedStage> path) {
        if (!done.add(this)) {
            return Optional.empty();
        }
        path.add(this);
        for (var need : needs.entrySet()) {
            if (path.contains(need.getKey())
                    || need.getKey().findCycle(done, path).isPresent()) {
                return Optional.of(need.getValue());
            }
        }
        path.remove(this);
        return Optional.empty();
    }

    /** Adds this stage and all that it stands on or takes from. */
    void addNeeded(Set<CheckedStage> needed) {
        if (needed.add(this)) {
            parent.ifPresent(stage -> stage.addNeeded(needed));
            needs.keySet().forEach(stage -> stage.addNeeded(needed));
        }
    }
}
