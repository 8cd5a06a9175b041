using System.Text;
using Coord.Node.Members;
using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Reconfigs on the wire. Request: i64 id, i64 configuration id, then identities, joining, leaving and new members,
/// each i32 length and bytes. Answer: i64 id, i32 error, i64 index.
/// </summary>
internal static class ReconfigCodec
{
    public const int AnswerBytes = 8 + 4 + 8;

    private const int FixedBytes = 8 + 8 + (4 * 4);

    public static int LengthOf(ReconfigForward forward) => FixedBytes + forward.Identities.Length
        + Encoding.UTF8.GetByteCount(forward.Text.Joining)
        + Encoding.UTF8.GetByteCount(forward.Text.Leaving)
        + Encoding.UTF8.GetByteCount(forward.Text.NewMembers);

    public static void Write(ReconfigForward forward, ref WireWriter writer)
    {
        writer.Int64(forward.Id);
        writer.Int64(forward.Text.CurrentConfigId);
        writer.Int32(forward.Identities.Length);
        writer.Bytes(forward.Identities.Span);
        Write(forward.Text.Joining, ref writer);
        Write(forward.Text.Leaving, ref writer);
        Write(forward.Text.NewMembers, ref writer);
    }

    public static void Write(ReconfigAnswer answer, ref WireWriter writer)
    {
        writer.Int64(answer.Id);
        writer.Int32((int)answer.Error);
        writer.Int64(answer.Index.Value);
    }

    public static ReconfigForward ReadForward(ref WireReader reader)
    {
        var id = reader.Int64();
        var configId = reader.Int64();
        var identities = reader.Slice(reader.Int32());
        var (joining, leaving) = (Read(ref reader), Read(ref reader));
        return new ReconfigForward(id, identities, new ReconfigText(joining, leaving, Read(ref reader), configId));
    }

    public static ReconfigAnswer ReadAnswer(ref WireReader reader) =>
        new(reader.Int64(), (ErrorCode)reader.Int32(), new LogIndex(reader.Int64()));

    private static void Write(string text, ref WireWriter writer)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Int32(bytes.Length);
        writer.Bytes(bytes);
    }

    private static string Read(ref WireReader reader) =>
        Encoding.UTF8.GetString(reader.Slice(reader.Int32()).Span);
}
