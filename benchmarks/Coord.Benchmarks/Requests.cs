using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Coord.Protocol;

namespace Coord.Benchmarks;

/// <summary>Requests as a client sends them: length, xid, opcode, record.</summary>
internal static class Requests
{
    /// <summary>Where a request's opcode stands: an entry holds what comes from there on.</summary>
    public const int OperationOffset = FrameReader.PrefixLength + sizeof(int);

    private static readonly byte[] s_data = Encoding.ASCII.GetBytes(new string('x', 100));

    /// <summary>Everybody may do everything, as clients send it by default.</summary>
    private static readonly byte[] s_openAcl =
        [0, 0, 0, 1, 0, 0, 0, 31, 0, 0, 0, 5, .. "world"u8, 0, 0, 0, 6, .. "anyone"u8];

    public static ReadOnlySpan<byte> Data => s_data;

    public static byte[] Set(string path) => Frame(OpCode.SetData, output => WriteSet(output, path));

    public static byte[] Create(string path) => Frame(OpCode.Create, output => WriteCreate(output, path));

    public static byte[] Delete(string path) => Frame(OpCode.Delete, output =>
    {
        var writer = new JuteWriter(output);
        new DeleteRequest { Path = Encoding.UTF8.GetBytes(path), Version = -1 }.Write(ref writer);
        writer.Complete();
    });

    public static byte[] Get(string path) => Frame(OpCode.GetData, output =>
    {
        var writer = new JuteWriter(output);
        new PathWatchRequest { Path = Encoding.UTF8.GetBytes(path) }.Write(ref writer);
        writer.Complete();
    });

    /// <summary>A multi of sets.</summary>
    public static byte[] Multi(params string[] paths) => Frame(OpCode.Multi, output =>
    {
        foreach (var path in paths)
        {
            WriteHeader(output, new MultiHeader(OpCode.SetData, IsLast: false, ErrorCode.SystemError));
            WriteSet(output, path);
        }

        WriteHeader(output, MultiHeader.End);
    });

    public static void WriteSet(IBufferWriter<byte> output, string path)
    {
        var writer = new JuteWriter(output);
        new SetDataRequest { Path = Encoding.UTF8.GetBytes(path), Data = s_data, Version = -1 }.Write(ref writer);
        writer.Complete();
    }

    private static void WriteCreate(IBufferWriter<byte> output, string path)
    {
        var writer = new JuteWriter(output);
        new CreateRequest { Path = Encoding.UTF8.GetBytes(path), Data = s_data, EncodedAcl = s_openAcl }
            .Write(ref writer);
        writer.Complete();
    }

    private static void WriteHeader(IBufferWriter<byte> output, MultiHeader header)
    {
        var writer = new JuteWriter(output);
        header.Write(ref writer);
        writer.Complete();
    }

    private static byte[] Frame(OpCode operation, Action<IBufferWriter<byte>> writeRecord)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(output);
        writer.WriteInt32(0);
        new RequestHeader(1, operation).Write(ref writer);
        writer.Complete();
        writeRecord(output);
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameReader.PrefixLength);
        return frame;
    }
}
