package org.layerbook.interpreter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the arrows of docs/architecture.md inside the interpreter: which package may import which. */
class PackageDirectionsTest {
    private static final String ROOT = "org.layerbook.interpreter";

    /** What each package may import directly; what those import comes with it. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("", List.of()),
            Map.entry(".output", List.of(".view")),
            Map.entry(".cell", List.of()),
            Map.entry(".template", List.of()),
            Map.entry(".report", List.of(".template")),
            Map.entry(".view.layout", List.of(".template")),
            Map.entry(".view", List.of("", ".report", ".view.layout")),
            Map.entry(".inspection", List.of(".report")),
            Map.entry(".practice", List.of(".report")),
            Map.entry(".command.option", List.of("")),
            Map.entry(".command.spec", List.of(".command.option", ".view")),
            Map.entry(".command.builder", List.of(".command.spec")),
            Map.entry(".command.registry", List.of(".command.spec")),
            Map.entry(".command.image", List.of(".command.registry")),
            Map.entry(".command.system", List.of(".command.builder", ".command.container", ".command.volume")),
            Map.entry(".command.build", List.of(".command.builder", ".command.registry", ".output")),
            Map.entry(".command.volume", List.of(".command.spec")),
            Map.entry(".command.network", List.of(".command.spec")),
            Map.entry(".command.container.attach", List.of(".command.spec", ".output")),
            Map.entry(".command.container.create", List.of(".command.container.attach", ".command.registry")),
            Map.entry(".command.container", List.of(".command.container.create", ".command.image")),
            Map.entry(
                    ".command",
                    List.of(
                            ".command.build",
                            ".command.container",
                            ".command.network",
                            ".command.system",
                            ".command.volume")),
            Map.entry(".shim", List.of(".command.spec")),
            Map.entry(".magic", List.of(".cell", ".command.option", ".inspection", ".practice", ".view")),
            Map.entry(".session.shell", List.of()),
            Map.entry(".session.context", List.of()),
            Map.entry(".session.help", List.of(".magic")),
            Map.entry(".session.output", List.of(".output")),
            Map.entry(".session.history", List.of(".command.spec")),
            Map.entry(".session.engine", List.of(".command", ".inspection", ".shim")),
            Map.entry(".session.completion", List.of(".session.help", ".session.history", ".session.shell")),
            Map.entry(
                    ".session",
                    List.of(".session.completion", ".session.context", ".session.engine", ".session.output")));

    private static final JavaClasses INTERPRETER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void everyPackageImportsOnlyWhatItMay() {
        ARROWS.keySet().forEach(name -> {
            Set<String> others = new TreeSet<>(ARROWS.keySet());
            others.removeAll(reachable(name));
            String[] forbidden = Stream.concat(
                            Stream.of("org.layerbook.kernel..", "org.layerbook.repl.."),
                            others.stream().map(other -> ROOT + other))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .check(INTERPRETER);
        });
    }

    @Test
    void everyPackageHasItsArrows() {
        Set<String> packages = INTERPRETER.stream()
                .map(c -> c.getPackageName().substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        packages.removeAll(ARROWS.keySet());
        assertEquals(Set.of(), packages, "packages that no arrow speaks of");
    }

    @Test
    void noCycleBetweenPackages() {
        slices().matching("org.layerbook.(**)").should().beFreeOfCycles().check(INTERPRETER);
    }

    @Test
    void noCycleBetweenClassesOfSessionAndMagic() {
        slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles().check(INTERPRETER);
    }

    private static Set<String> reachable(String name) {
        var found = new LinkedHashSet<String>(List.of(name));
        ARROWS.get(name).forEach(next -> found.addAll(reachable(next)));
        return found;
    }

    /** A class together with those declared in it. */
    private static final class TopLevelClasses implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getName().replaceFirst("\\$.*", "");
            boolean checked = name.startsWith(ROOT + ".session.") || name.startsWith(ROOT + ".magic.");
            return checked ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "classes of session and magic";
        }
    }
}
