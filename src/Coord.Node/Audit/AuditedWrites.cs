using Coord.Protocol;

namespace Coord.Node.Audit;

/// <summary>
/// Finds in a request what the audit log tells of: changes to ACLs, and writes below <c>/zookeeper/quota</c>.
/// </summary>
internal static class AuditedWrites
{
    private const int OpCodeBytes = 4;

    // What a line can show of them: a request may be longer by far, and many may wait.
    private const int PathBytesMax = 4 * LogText.CharactersMax;
    private const int AclBytesMax = 16 * 1024;

    private static readonly List<AuditedWrite> None = [];

    private static ReadOnlySpan<byte> QuotaRoot => "/zookeeper/quota"u8;

    /// <summary>What is audited of a request that could be decoded; most have nothing.</summary>
    /// <param name="op">Its opcode.</param>
    /// <param name="body">From its opcode on.</param>
    public static IReadOnlyList<AuditedWrite> In(OpCode op, ReadOnlySpan<byte> body)
    {
        var reader = new JuteReader(body[OpCodeBytes..]);
        if (op == OpCode.Once)
        {
            return OnceRequest.TryRead(ref reader, out var once) && once.Request.Length >= OpCodeBytes
                ? In((OpCode)System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(once.Request), once.Request)
                : None;
        }

        if (op == OpCode.Multi)
            return InMulti(ref reader);
        return Read(op, ref reader) is { } write ? [write] : None;
    }

    private static List<AuditedWrite> InMulti(ref JuteReader reader)
    {
        List<AuditedWrite>? found = null;
        while (MultiHeader.TryRead(ref reader, out var header) && !header.IsLast)
        {
            if (Read(header.Type, ref reader) is { } write)
                (found ??= []).Add(write);
        }

        return found ?? None;
    }

    private static AuditedWrite? Read(OpCode op, ref JuteReader reader)
    {
        switch (op)
        {
            case OpCode.SetAcl:
                return SetAclRequest.TryRead(ref reader, out var setAcl)
                    ? new AuditedWrite(
                        "setAcl", Cut(setAcl.Path, PathBytesMax), Cut(setAcl.EncodedAcl, AclBytesMax))
                    : null;
            case OpCode.SetData:
                return SetDataRequest.TryRead(ref reader, out var setData) ? Quota("setData", setData.Path) : null;
            case OpCode.CounterAdd:
                return CounterAddRequest.TryRead(ref reader, out var add) ? Quota("counterAdd", add.Path) : null;
            case OpCode.Delete:
                return DeleteRequest.TryRead(ref reader, out var delete) ? Quota("delete", delete.Path) : null;
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateRank:
                return CreateRequest.TryRead(ref reader, out var create) ? Quota("create", create.Path) : null;
            case OpCode.CreateTtl:
                return CreateRequest.TryReadTtl(ref reader, out var timed) ? Quota("create", timed.Path) : null;
            case OpCode.Check or OpCode.CheckChildren:
                CheckVersionRequest.TryRead(ref reader, out _);
                return null;
            case OpCode.CheckAbsent:
                PathRequest.TryRead(ref reader, out _);
                return null;
            default:
                return null;
        }
    }

    private static AuditedWrite? Quota(string operation, ReadOnlySpan<byte> path) =>
        path.StartsWith(QuotaRoot) && (path.Length == QuotaRoot.Length || path[QuotaRoot.Length] == '/')
            ? new AuditedWrite(operation, Cut(path, PathBytesMax), null)
            : null;

    private static byte[] Cut(ReadOnlySpan<byte> bytes, int most) => bytes[..Math.Min(bytes.Length, most)].ToArray();
}
