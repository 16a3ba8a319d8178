package kiln.order;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The rules of the package order, and a way to plant a class that breaks one.
final class Layers {
    private Layers() {}

    /// What Maven compiled from this module's main sources; the tests are elsewhere.
    static JavaClasses compiled() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    /// Classes of these packages know none of those. A package that is not there yet breaks no rule.
    static ArchRule never(List<String> these, List<String> those) {
        return noClasses()
                .that(resideInAnyPackage(these.toArray(String[]::new)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(those.toArray(String[]::new)))
                .allowEmptyShould(true);
    }

    /// Classes of these packages know, of all Kiln, only those.
    static ArchRule only(List<String> these, List<String> those) {
        DescribedPredicate<JavaClass> others = resideInAnyPackage("kiln..")
                .and(DescribedPredicate.not(resideInAnyPackage(those.toArray(String[]::new))));
        return noClasses()
                .that(resideInAnyPackage(these.toArray(String[]::new)))
                .should()
                .dependOnClassesThat(others)
                .allowEmptyShould(true);
    }

    /// Writes a class that has a field of another class's type, and reads it as ArchUnit does: the smallest dependency there is.
    static JavaClasses planted(Path folder, String name, String needs) throws IOException {
        byte[] bytes = ClassFile.of().build(
                ClassDesc.of(name), builder -> builder.withField("needed", ClassDesc.of(needs), ClassFile.ACC_PRIVATE));
        Path file = folder.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return new ClassFileImporter().importPath(folder);
    }
}
