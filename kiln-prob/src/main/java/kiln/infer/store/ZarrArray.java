package kiln.infer.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import kiln.array.DType;
import kiln.array.Storage;

/// The draws of one column as an array in the format of Zarr 2: shape `[chains, draws, …]`, one file per chain and block of draws.
///
/// ```
/// NAME/.zarray     shape, chunk shape [1, block, …], type, zlib
/// NAME/.zattrs     {"_ARRAY_DIMENSIONS": ["chain", "draw", …]}
/// NAME/2.7.0       chain 2, draws 7·block … 8·block − 1; what is not drawn yet is filled up
/// ```
///
/// A block that does not exist reads as NaN (floating types), 0 or false. Floating numbers are stored bit for bit.
///
/// Source: *Zarr storage specification version 2*; the dimensions as xarray reads them.
final class ZarrArray {
    private final Path folder;
    private final Column column;
    private final int chains;
    private final int block;

    /// @param folder of the array
    /// @param block  draws of a file, ≥ 1
    ZarrArray(Path folder, Column column, int chains, int block) {
        this.folder = folder;
        this.column = column;
        this.chains = chains;
        this.block = block;
    }

    Column column() {
        return column;
    }

    private int size() {
        return column.shape().size();
    }

    /// Writes what the array is; again when the number of draws changes.
    void describe(int draws) {
        int rank = column.shape().rank();
        String rest = IntStream.range(0, rank).mapToObj(i -> ", " + column.shape().dim(i)).collect(Collectors.joining());
        // A dimension of length 0 has no chunks, but a chunk shape must be positive.
        String chunk = IntStream.range(0, rank).mapToObj(i -> ", " + Math.max(1, column.shape().dim(i))).collect(Collectors.joining());
        String fill = column.dtype().isFloating() ? "\"NaN\"" : column.dtype() == DType.BOOL ? "false" : "0";
        write(".zarray", "{\"zarr_format\": 2, \"shape\": [" + chains + ", " + draws + rest + "], \"chunks\": [1, " + block + chunk
                + "], \"dtype\": \"" + type() + "\", \"compressor\": {\"id\": \"zlib\", \"level\": 1}, \"fill_value\": " + fill
                + ", \"order\": \"C\", \"filters\": null}\n");
        String dims = IntStream.range(0, rank).mapToObj(i -> ", \"" + column.fileName() + "_dim_" + i + "\"").collect(Collectors.joining());
        write(".zattrs", "{\"_ARRAY_DIMENSIONS\": [\"chain\", \"draw\"" + dims + "]}\n");
    }

    private void write(String name, String text) {
        DurableFile.writeLightly(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private String type() {
        return switch (column.dtype()) {
            case FLOAT64 -> "<f8";
            case FLOAT32 -> "<f4";
            case INT64 -> "<i8";
            case INT32 -> "<i4";
            case BOOL -> "|b1";
        };
    }

    private Path file(int chain, int number) {
        return folder.resolve(chain + "." + number + ".0".repeat(column.shape().rank()));
    }

    /// Writes a block of a chain.
    ///
    /// @param storage elements of at most `block` draws, row by row
    void write(int chain, int number, Object storage) {
        if (size() == 0) {
            return;
        }
        int n = Storage.length(storage);
        ByteBuffer bytes = ByteBuffer.allocate(block * size() * column.dtype().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < block * size(); i++) {
            boolean drawn = i < n;
            switch (column.dtype()) {
                case FLOAT64 -> bytes.putDouble(drawn ? ((double[]) storage)[i] : Double.NaN);
                case FLOAT32 -> bytes.putFloat(drawn ? ((float[]) storage)[i] : Float.NaN);
                case INT64 -> bytes.putLong(drawn ? ((long[]) storage)[i] : 0);
                case INT32 -> bytes.putInt(drawn ? ((int[]) storage)[i] : 0);
                case BOOL -> bytes.put((byte) (drawn && ((boolean[]) storage)[i] ? 1 : 0));
            }
        }
        var out = new ByteArrayOutputStream();
        Deflater level1 = new Deflater(1);
        try (var zlib = new DeflaterOutputStream(out, level1)) {
            zlib.write(bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            level1.end();
        }
        DurableFile.write(file(chain, number), out.toByteArray());
    }

    /// {@return the first draws of a block of a chain, row by row}
    ///
    /// @param draws number of draws, at most `block`
    /// @throws RunFolderException if the file is missing or damaged
    Object read(int chain, int number, int draws) {
        Object storage = Storage.allocate(column.dtype(), draws * size());
        if (size() == 0) {
            return storage;
        }
        Path file = file(chain, number);
        ByteBuffer bytes = ByteBuffer.wrap(inflated(file)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < draws * size(); i++) {
            switch (column.dtype()) {
                case FLOAT64 -> ((double[]) storage)[i] = bytes.getDouble();
                case FLOAT32 -> ((float[]) storage)[i] = bytes.getFloat();
                case INT64 -> ((long[]) storage)[i] = bytes.getLong();
                case INT32 -> ((int[]) storage)[i] = bytes.getInt();
                case BOOL -> ((boolean[]) storage)[i] = bytes.get() != 0;
            }
        }
        return storage;
    }

    private byte[] inflated(Path file) {
        byte[] packed = DurableFile.read(file).orElseThrow(() -> damaged(file, "it is missing"));
        byte[] bytes = new byte[block * size() * column.dtype().bytes()];
        var zlib = new Inflater();
        try {
            zlib.setInput(packed);
            int count = zlib.inflate(bytes);
            // The checksum is at the end, behind the last byte of the draws.
            boolean isMore = zlib.inflate(new byte[1]) > 0;
            if (!isMore && !zlib.finished()) {
                throw damaged(file, "it ends too early");
            }
            if (isMore || count != bytes.length) {
                throw damaged(file, "it holds " + (isMore ? "more than " + bytes.length : count) + " bytes instead of " + bytes.length);
            }
            if (zlib.getRemaining() > 0) {
                throw damaged(file, "it goes on for " + zlib.getRemaining() + " bytes after its end");
            }
            return bytes;
        } catch (DataFormatException e) {
            throw damaged(file, "it is not what zlib wrote (" + e.getMessage() + ")");
        } finally {
            zlib.end();
        }
    }

    /// {@return the error that the draws of a chain are those of another one, or of another run}
    RunFolderException foreign(int chain) {
        return damaged(folder, "the files of chain " + chain + " hold other draws than those after which its state was written");
    }

    private static RunFolderException damaged(Path file, String what) {
        return RunFolderException.damaged(file, what,
                "restore the file from a copy, or delete the numbered files in the folder \"state\": all chains are"
                        + " then drawn anew, with the same draws.");
    }
}
