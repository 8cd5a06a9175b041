using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>A multi; answers with what each operation brought, or the first error.</summary>
internal sealed class MultiCall(
    IReadOnlyList<MultiOperation> operations, Func<string, string> shownPath) : Request<MultiOutcome>
{
    internal override OpCode Op => OpCode.Multi;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override bool IsKnownTo(ServerFeatures features)
    {
        foreach (var operation in operations)
        {
            if (!operation.IsKnownTo(features))
                return false;
        }

        return true;
    }

    internal static void WriteCheck(ref JuteWriter writer, string path, int version)
    {
        WriteHeader(ref writer, OpCode.Check);
        writer.WriteString(path);
        writer.WriteInt32(version);
    }

    internal static void WriteEnd(ref JuteWriter writer)
    {
        MultiHeader.End.Write(ref writer);
    }

    /// <summary>Reads the error of the first result, <see cref="ErrorCode.Ok"/> for success.</summary>
    internal static bool TryReadFirstError(ref JuteReader reader, out ErrorCode error) =>
        TryReadHeader(ref reader, out _, out error);

    internal override void WriteBody(ref JuteWriter writer)
    {
        foreach (var operation in operations)
        {
            if (operation.Op == OpCode.Check)
            {
                WriteCheck(ref writer, operation.ServerPath, operation.Version);
                continue;
            }

            WriteHeader(ref writer, operation.Op);
            operation.Write(ref writer);
        }

        WriteEnd(ref writer);
    }

    internal override bool TryReadBody(ref JuteReader reader, out MultiOutcome? value)
    {
        value = null;
        var results = new List<MultiResult>(operations.Count);
        (int Index, ErrorCode Error)? failure = null;
        for (var i = 0; i < operations.Count; i++)
        {
            if (!TryReadHeader(ref reader, out var type, out var error))
                return false;
            if (type == OpCode.Error)
            {
                if (!reader.TryReadInt32(out _))
                    return false;
                // Operations before the failing one carry no error of their own, those after it carry "inconsistency".
                if (failure is null && error != ErrorCode.Ok)
                    failure = (i, error);
                continue;
            }

            if (!TryReadResult(ref reader, operations[i], type, out var result))
                return false;
            results.Add(result!);
        }

        value = new MultiOutcome(results, failure?.Index ?? -1, failure?.Error ?? ErrorCode.Ok);
        return true;
    }

    private static void WriteHeader(ref JuteWriter writer, OpCode op)
    {
        // Clients send -1 in the error field of a request; servers ignore it.
        new MultiHeader(op, IsLast: false, ErrorCode.SystemError).Write(ref writer);
    }

    private static bool TryReadHeader(ref JuteReader reader, out OpCode type, out ErrorCode error)
    {
        var isRead = MultiHeader.TryRead(ref reader, out var header) && !header.IsLast;
        (type, error) = (header.Type, header.Err);
        return isRead;
    }

    private bool TryReadResult(ref JuteReader reader, MultiOperation operation, OpCode type, out MultiResult? result)
    {
        result = null;
        string? created = null;
        Stat? stat = null;
        if (type is OpCode.Create or OpCode.Create2)
        {
            if (!reader.TryReadBuffer(out var path, out _))
                return false;
            created = shownPath(Encoding.UTF8.GetString(path));
        }

        if (type is OpCode.Create2 or OpCode.SetData)
        {
            if (!Stat.TryRead(ref reader, out var read))
                return false;
            stat = read;
        }

        result = new MultiResult(operation.Op, created ?? operation.Path, stat);
        return true;
    }
}
