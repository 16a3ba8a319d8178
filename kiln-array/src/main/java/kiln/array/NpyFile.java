package kiln.array;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// NumPy's file format for arrays, `.npy` (versions 1.0 to 3.0), and the archive of them, `.npz`.
///
/// A file starts with a magic number, a version and a header, a Python dictionary in text form; then the elements follow, of
/// either byte order, row by row or column by column. What is written is version 1.0, little-endian, row by row.
///
/// Source: NumPy Enhancement Proposal 1, *A simple file format for NumPy arrays*.
final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z])(\\d+)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

    private final String file;
    private final ByteBuffer bytes;

    private NpyFile(String file, byte[] content) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    static NDArray read(Path path) throws IOException {
        return new NpyFile(path.toString(), Files.readAllBytes(path)).array();
    }

    static Map<String, NDArray> readArchive(Path path) throws IOException {
        var out = new LinkedHashMap<String, NDArray>();
        try (InputStream in = Files.newInputStream(path);
                var zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                NDArray array = new NpyFile(path + " (" + name + ")", zip.readAllBytes()).array();
                out.put(name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name, array);
            }
        }
        if (out.isEmpty()) {
            throw new IOException(path + " is not an .npz file: it is not a zip archive, or holds no array.");
        }
        return out;
    }

    private NDArray array() throws IOException {
        byte[] magic = new byte[MAGIC.length];
        if (bytes.remaining() < 10) {
            throw broken("it has " + bytes.remaining() + " bytes, fewer than the shortest header");
        }
        bytes.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw broken("it does not start with the magic number \\x93NUMPY");
        }
        int major = bytes.get();
        int minor = bytes.get();
        if (major < 1 || major > 3) {
            throw broken("its format version is " + major + "." + minor + "; versions 1.0, 2.0 and 3.0 can be read");
        }
        int length = major == 1 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw broken("it ends within its header");
        }
        byte[] text = new byte[length];
        bytes.get(text);
        String header = new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        Matcher descr = match(DESCR, header, "element type; structured and object arrays cannot be read");
        boolean fortran = match(FORTRAN, header, "'fortran_order'").group(1).equals("True");
        int[] dims = dims(match(SHAPE, header, "'shape'").group(1));
        bytes.order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        DType dtype = dtype(descr.group(2) + descr.group(3));
        Shape shape = Shape.of(dims);
        long need = (long) shape.size() * (dtype == DType.BOOL ? 1 : dtype.bytes());
        if (bytes.remaining() != need) {
            throw broken("shape " + shape + " of " + dtype + " takes " + need + " bytes, but " + bytes.remaining() + " follow the header");
        }
        Object storage = elements(dtype, shape.size());
        if (!fortran) {
            return Dense.of(new Aval(dtype, shape), storage);
        }
        int[] reversed = new int[dims.length];
        Arrays.setAll(reversed, a -> dims[dims.length - 1 - a]);
        return Np.transpose(Dense.of(new Aval(dtype, Shape.of(reversed)), storage));
    }

    private Matcher match(Pattern pattern, String header, String what) throws IOException {
        Matcher m = pattern.matcher(header);
        if (!m.find()) {
            throw broken("its header has no readable " + what + ": " + header.strip());
        }
        return m;
    }

    private int[] dims(String text) throws IOException {
        try {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw broken("its shape (" + text + ") is larger than an array can be");
        }
    }

    private DType dtype(String code) throws IOException {
        return switch (code) {
            case "f8" -> DType.FLOAT64;
            case "f4" -> DType.FLOAT32;
            case "i8" -> DType.INT64;
            case "i4" -> DType.INT32;
            case "b1" -> DType.BOOL;
            default ->
                throw broken("its elements have type '" + code
                        + "'; f8, f4, i8, i4 and b1 can be read. In Python, x.astype('f8') converts them");
        };
    }

    private Object elements(DType dtype, int n) {
        Object storage = Storage.allocate(dtype, n);
        switch (storage) {
            case double[] a -> bytes.asDoubleBuffer().get(a);
            case float[] a -> bytes.asFloatBuffer().get(a);
            case long[] a -> bytes.asLongBuffer().get(a);
            case int[] a -> bytes.asIntBuffer().get(a);
            case boolean[] a -> {
                for (int i = 0; i < n; i++) {
                    a[i] = bytes.get() != 0;
                }
            }
            default -> throw new IllegalArgumentException("not a storage: " + storage.getClass());
        }
        return storage;
    }

    private IOException broken(String why) {
        return new IOException(file + " is not an .npy file that Kiln can read: " + why + ".");
    }

    // ---- writing

    static void write(Path path, NDArray x) throws IOException {
        Files.write(path, content(x.known()));
    }

    /// The entries are stored, not compressed, and carry no time, so that equal arrays make equal files.
    static void writeArchive(Path path, Map<String, ? extends NDArray> arrays) throws IOException {
        try (OutputStream file = Files.newOutputStream(path);
                var zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, ? extends NDArray> e : arrays.entrySet()) {
                byte[] content = content(e.getValue().known());
                var crc = new CRC32();
                crc.update(content);
                var entry = new ZipEntry(e.getKey() + ".npy");
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
    }

    private static byte[] content(Dense x) {
        String shape = Arrays.toString(x.shape().dims()).replace("[", "(").replace("]", x.rank() == 1 ? ",)" : ")");
        String code = switch (x.dtype()) {
            case FLOAT64 -> "<f8";
            case FLOAT32 -> "<f4";
            case INT64 -> "<i8";
            case INT32 -> "<i4";
            case BOOL -> "|b1";
        };
        String header = "{'descr': '" + code + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int start = MAGIC.length + 4;
        int filler = Math.floorMod(-(start + header.length() + 1), ALIGNMENT);
        byte[] text = (header + " ".repeat(filler) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int width = x.dtype() == DType.BOOL ? 1 : x.dtype().bytes();
        var out = ByteBuffer.allocate(start + text.length + x.size() * width).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length).put(text);
        switch (x.storage()) {
            case double[] a -> out.asDoubleBuffer().put(a);
            case float[] a -> out.asFloatBuffer().put(a);
            case long[] a -> out.asLongBuffer().put(a);
            case int[] a -> out.asIntBuffer().put(a);
            case boolean[] a -> {
                for (boolean b : a) {
                    out.put((byte) (b ? 1 : 0));
                }
            }
            default -> throw new IllegalArgumentException("not a storage: " + x.storage().getClass());
        }
        return out.array();
    }
}
