package kiln.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Named draws of several chains: an ordered set of sites, each with a shape and `double[chain][draw][element]`.
///
/// Elements of a site are in row-major order. A value of this type never changes: what goes in and what comes out is copied.
/// This is the one form in which posteriors reach diagnostics and plots, which know no arrays of the compiler.
public final class Draws {
    private final int chains;
    private final int draws;
    private final Map<String, Site> sites;

    private Draws(int chains, int draws, Map<String, Site> sites) {
        this.chains = chains;
        this.draws = draws;
        this.sites = sites;
    }

    /// No sites yet, of `chains` chains with `draws` draws each; add them by [#with].
    ///
    /// @param chains number of chains, ≥ 1
    /// @param draws  number of draws per chain, ≥ 0
    /// @throws IllegalArgumentException if a number is out of its range
    public static Draws of(int chains, int draws) {
        if (chains < 1 || draws < 0) {
            throw new IllegalArgumentException("Draws: the numbers of chains and draws are out of range.\n"
                    + "  Expected: chains ≥ 1, draws ≥ 0\n"
                    + "  Got:      chains = " + chains + ", draws = " + draws);
        }
        return new Draws(chains, draws, Map.of());
    }

    /// These draws and one more site at the end of the order.
    ///
    /// @param name   name of the site, new among these
    /// @param shape  shape of one draw; empty for a scalar
    /// @param values `[chain][draw][element]`, elements row-major; copied
    /// @throws IllegalArgumentException if the name is taken or the values do not have the shape
    public Draws with(String name, int[] shape, double[][][] values) {
        if (sites.containsKey(name)) {
            throw new IllegalArgumentException("Draws: there are two sites of the name \"" + name + "\".");
        }
        Site site = new Site(shape.clone(), copyChecked(name, shape, values));
        Map<String, Site> more = new LinkedHashMap<>(sites);
        more.put(name, site);
        return new Draws(chains, draws, more);
    }

    private double[][][] copyChecked(String name, int[] shape, double[][][] values) {
        int size = Site.size(shape);
        boolean fits = values.length == chains;
        double[][][] copy = new double[chains][draws][];
        for (int c = 0; fits && c < chains; c++) {
            fits = values[c].length == draws;
            for (int i = 0; fits && i < draws; i++) {
                fits = values[c][i].length == size;
                copy[c][i] = values[c][i].clone();
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("Draws: the values of site \"" + name + "\" do not have its shape.\n"
                    + "  Expected: " + chains + " chains of " + draws + " draws of " + size + " elements, shape "
                    + Arrays.toString(shape) + "\n"
                    + "  Got:      " + values.length + " chains"
                    + (values.length == 0 ? "" : ", in chain 0 " + values[0].length + " draws")
                    + (values.length == 0 || values[0].length == 0 ? "" : " of " + values[0][0].length + " elements"));
        }
        return copy;
    }

    /// {@return the number of chains}
    public int chains() {
        return chains;
    }

    /// {@return the number of draws of each chain}
    public int draws() {
        return draws;
    }

    /// {@return the names of the sites in order}
    public List<String> names() {
        return List.copyOf(sites.keySet());
    }

    /// {@return the shape of one draw of a site; empty for a scalar}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public int[] shape(String name) {
        return site(name).shape.clone();
    }

    /// {@return the number of elements of one draw of a site}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public int size(String name) {
        return Site.size(site(name).shape);
    }

    /// One scalar quantity, as the diagnostics take it.
    ///
    /// @param name    name of the site
    /// @param element row-major index of the element; 0 for a scalar
    /// @return a new `[chain][draw]`
    /// @throws IllegalArgumentException if there is no such site
    /// @throws IndexOutOfBoundsException if the site has no such element
    public double[][] element(String name, int element) {
        Site site = site(name);
        java.util.Objects.checkIndex(element, Site.size(site.shape));
        double[][] x = new double[chains][draws];
        for (int c = 0; c < chains; c++) {
            for (int i = 0; i < draws; i++) {
                x[c][i] = site.values[c][i][element];
            }
        }
        return x;
    }

    /// Labels of the elements of a site in row-major order: `name`, or `name[0]`, `name[1,2]`.
    ///
    /// @throws IllegalArgumentException if there is no such site
    public List<String> labels(String name) {
        int[] shape = site(name).shape;
        int size = Site.size(shape);
        List<String> labels = new ArrayList<>(size);
        for (int e = 0; e < size; e++) {
            labels.add(shape.length == 0 ? name : name + "[" + index(shape, e) + "]");
        }
        return labels;
    }

    /// The multi-index of a row-major position, `1,2`; empty for a scalar.
    private static String index(int[] shape, int element) {
        String text = "";
        int rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            text = rest % shape[axis] + (text.isEmpty() ? "" : ",") + text;
            rest /= shape[axis];
        }
        return text;
    }

    private Site site(String name) {
        Site site = sites.get(name);
        if (site == null) {
            throw new IllegalArgumentException("Draws: there is no site \"" + name + "\".\n"
                    + "  Expected: one of " + names());
        }
        return site;
    }

    /// Shape and values of one site; owned by the draws.
    private static final class Site {
        final int[] shape;
        final double[][][] values;

        Site(int[] shape, double[][][] values) {
            this.shape = shape;
            this.values = values;
        }

        static int size(int[] shape) {
            int size = 1;
            for (int n : shape) {
                size = Math.multiplyExact(size, n);
            }
            return size;
        }
    }
}
