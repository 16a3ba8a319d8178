package kiln.infer.mcmc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a test checks of which kernels: `docs/sampler-checks.md` is made from these marks and from the rows of the tests.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Checks {
    /// What is checked.
    SamplerCheck value();

    /// The kernels, by name. None: each row of the test begins with a kernel, or with text that begins with its name.
    String[] kernels() default {};
}
