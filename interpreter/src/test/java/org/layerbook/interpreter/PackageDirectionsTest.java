package org.layerbook.interpreter;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Holds the arrows of docs/architecture.md between the interpreter's packages. */
class PackageDirectionsTest {
    private static final String ROOT = "org.layerbook.interpreter";

    private static final JavaClasses INTERPRETER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void noCycleBetweenPackages() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(INTERPRETER);
    }

    @Test
    void noCycleBetweenClassesOfSessionAndMagic() {
        slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles().check(INTERPRETER);
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
