using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A create of any kind; answers with final path and Stat, and with its place if that is asked for.
/// </summary>
internal sealed class CreateCall(
    string path, ReadOnlyMemory<byte> bytes, CreateMode mode, IReadOnlyList<AclEntry> acl, long ttlMs,
    RankQuestion? rank = null)
    : Request<CreatedZnode>
{
    internal override OpCode Op => mode switch
    {
        _ when rank is not null => OpCode.CreateRank,
        CreateMode.Container => OpCode.CreateContainer,
        CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl => OpCode.CreateTtl,
        _ => OpCode.Create2,
    };

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override bool IsKnownTo(ServerFeatures features) => rank is null || features.Has(RankQuestion.Feature);

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

    internal override void WriteBody(ref JuteWriter writer)
    {
        Write(ref writer, path, bytes.Span, acl, mode, ttlMs);
        if (rank is null)
            return;
        Write(ref writer, rank.Marks);
        Write(ref writer, rank.WaitedFor);
    }

    internal override bool TryReadBody(ref JuteReader reader, out CreatedZnode? value)
    {
        value = null;
        if (rank is not null)
            return TryReadRanked(ref reader, out value);
        if (!reader.TryReadBuffer(out var final, out _) || !Stat.TryRead(ref reader, out var stat))
            return false;
        value = new CreatedZnode(Encoding.UTF8.GetString(final), stat);
        return true;
    }

    private static bool TryReadRanked(ref JuteReader reader, out CreatedZnode? value)
    {
        value = null;
        if (!CreateRankResponse.TryRead(ref reader, out var reply))
            return false;
        var predecessor = reply.Predecessor.IsEmpty ? null : Encoding.UTF8.GetString(reply.Predecessor);
        value = new CreatedZnode(Encoding.UTF8.GetString(reply.Path), reply.Stat)
        {
            Rank = reply.Position < 0 ? null : new ZnodeRank(reply.Position, predecessor),
        };
        return true;
    }

    private static void Write(ref JuteWriter writer, IReadOnlyList<string> marks)
    {
        writer.WriteVectorCount(marks.Count);
        foreach (var mark in marks)
            writer.WriteString(mark);
    }
}
