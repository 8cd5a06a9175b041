using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>A create of any kind; answers with final path and Stat.</summary>
internal sealed class CreateCall(
    string path, ReadOnlyMemory<byte> bytes, CreateMode mode, IReadOnlyList<AclEntry> acl, long ttlMs)
    : Request<CreatedZnode>
{
    internal override OpCode Op => mode switch
    {
        CreateMode.Container => OpCode.CreateContainer,
        CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl => OpCode.CreateTtl,
        _ => OpCode.Create2,
    };

    internal override ReplyKind Kind => ReplyKind.Write;

    internal static void Write(
        ref JuteWriter writer, string path, ReadOnlySpan<byte> bytes, IReadOnlyList<AclEntry> acl, CreateMode mode,
            long ttlMs)
    {
        writer.WriteString(path);
        writer.WriteBuffer(bytes);
        SetAclCall.Write(ref writer, acl);
        writer.WriteInt32((int)mode);
        if (mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl)
            writer.WriteInt64(ttlMs);
    }

    internal override void WriteBody(ref JuteWriter writer) => Write(ref writer, path, bytes.Span, acl, mode, ttlMs);

    internal override bool TryReadBody(ref JuteReader reader, out CreatedZnode? value)
    {
        value = null;
        if (!reader.TryReadBuffer(out var final, out _) || !Stat.TryRead(ref reader, out var stat))
            return false;
        value = new CreatedZnode(Encoding.UTF8.GetString(final), stat);
        return true;
    }
}
