using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Runs the operations of a multi, each seeing what the earlier ones did, and takes all back if one fails
/// (zookeeper-protocol 2.4).
/// </summary>
internal sealed class MultiOperation(
    ZnodeOperations operations, TreeWriter writer, ChangeRecorder recorder, ApplyResult result)
{
    /// <summary>Runs a multi; the error is one of the whole request, not of an operation in it.</summary>
    public ErrorCode Run(ReadOnlySpan<byte> body, in RequestContext context)
    {
        if (!TryCount(body, out int count))
            return ErrorCode.MarshallingError;

        result.IsMulti = true;
        var mark = recorder.Mark();
        writer.BeginMulti();
        var reader = new JuteReader(body);
        for (int i = 0; i < count; i++)
        {
            MultiHeader.TryRead(ref reader, out var header);
            var error = RunOne(header.Type, ref reader, context);
            if (error == ErrorCode.Ok)
                continue;

            writer.AbortMulti();
            recorder.ReturnTo(mark);
            ReportFailure(error, failed: i, count);
            return ErrorCode.Ok;
        }

        writer.CommitMulti();
        return ErrorCode.Ok;
    }

    // Everything is decoded once before anything runs: one malformed part refuses the whole.
    private static bool TryCount(ReadOnlySpan<byte> body, out int count)
    {
        var reader = new JuteReader(body);
        for (count = 0; MultiHeader.TryRead(ref reader, out var header); count++)
        {
            if (header.IsLast)
                return true;
            if (!TrySkip(header.Type, ref reader))
                return false;
        }

        return false;
    }

    private static bool TrySkip(OpCode type, ref JuteReader reader)
    {
        switch (type)
        {
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer:
                return CreateRequest.TryRead(ref reader, out var create) && !create.IsAclNull
                    && CreateKind.IsAllowedInMulti(create.Flags);
            case OpCode.CreateTtl:
                return CreateRequest.TryReadTtl(ref reader, out _);
            case OpCode.Delete:
                return DeleteRequest.TryRead(ref reader, out _);
            case OpCode.SetData:
                return SetDataRequest.TryRead(ref reader, out _);
            case OpCode.Check or OpCode.CheckChildren:
                return CheckVersionRequest.TryRead(ref reader, out _);
            case OpCode.CheckAbsent:
                return PathRequest.TryRead(ref reader, out _);
            default:
                return false;
        }
    }

    private ErrorCode RunOne(OpCode type, ref JuteReader reader, in RequestContext context)
    {
        switch (type)
        {
            case OpCode.CreateTtl:
                CreateRequest.TryReadTtl(ref reader, out var timed);
                return operations.Create(type, timed, context);
            case OpCode.Delete:
                DeleteRequest.TryRead(ref reader, out var delete);
                return operations.Delete(delete.Path, delete.Version, context);
            case OpCode.SetData:
                SetDataRequest.TryRead(ref reader, out var setData);
                return operations.SetData(setData, context);
            case OpCode.Check:
                CheckVersionRequest.TryRead(ref reader, out var check);
                return operations.Check(check.Path, check.Version, context);
            case OpCode.CheckAbsent:
                PathRequest.TryRead(ref reader, out var absent);
                return operations.CheckAbsent(absent.Path);
            case OpCode.CheckChildren:
                CheckVersionRequest.TryRead(ref reader, out var children);
                return operations.CheckChildren(children.Path, children.Version, context);
            default:
                CreateRequest.TryRead(ref reader, out var create);
                return operations.Create(type, create, context);
        }
    }

    // Before the failed one: error 0; the failed one: its code; behind it: -2.
    private void ReportFailure(ErrorCode error, int failed, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var code = i < failed ? ErrorCode.Ok : i == failed ? error : ErrorCode.RuntimeInconsistency;
            result.AddOperation(OperationResult.Failed(code));
            recorder.Add((long)code);
        }
    }
}
