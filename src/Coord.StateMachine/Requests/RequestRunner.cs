using System.Buffers.Binary;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Runs a client's request by its opcode. Total: bytes that are no request are answered, not thrown at.
/// </summary>
internal sealed class RequestRunner(ZnodeOperations operations, MultiOperation multi)
{
    /// <summary>Runs <paramref name="request"/>, which starts with its opcode, and returns the reply's error.</summary>
    public ErrorCode Run(ReadOnlySpan<byte> request, in EntryHeader header, ReadOnlySpan<byte> identities, long zxid)
    {
        var operation = OperationOf(request);
        if (operation == 0)
            return ErrorCode.MarshallingError;

        var body = request[sizeof(int)..];
        var caller = new Caller(identities, isUnchecked: (header.Flags & EntryFlags.SkipAcl) != 0);
        var context = new RequestContext(
            zxid, header.TimeMs, header.SessionId, caller, isMulti: operation == OpCode.Multi, header.Flags);
        return operation == OpCode.Multi ? multi.Run(body, context) : RunSingle(operation, body, context);
    }

    /// <summary>The opcode of a request, 0 when there is none.</summary>
    public static OpCode OperationOf(ReadOnlySpan<byte> request) => request.Length < sizeof(int)
        ? 0
        : (OpCode)BinaryPrimitives.ReadInt32BigEndian(request);

    private ErrorCode RunSingle(OpCode operation, ReadOnlySpan<byte> body, in RequestContext context)
    {
        var reader = new JuteReader(body);
        switch (operation)
        {
            case OpCode.SetData:
                return SetDataRequest.TryRead(ref reader, out var setData)
                    ? operations.SetData(setData, context)
                    : ErrorCode.MarshallingError;
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer:
                return CreateRequest.TryRead(ref reader, out var create)
                    ? operations.Create(operation, create, context)
                    : ErrorCode.MarshallingError;
            case OpCode.CreateTtl:
                return CreateRequest.TryReadTtl(ref reader, out var timed)
                    ? operations.Create(operation, timed, context)
                    : ErrorCode.MarshallingError;
            case OpCode.Delete:
                return DeleteRequest.TryRead(ref reader, out var delete)
                    ? operations.Delete(delete.Path, delete.Version, context)
                    : ErrorCode.MarshallingError;
            case OpCode.SetAcl:
                return SetAclRequest.TryRead(ref reader, out var setAcl)
                    ? operations.SetAcl(setAcl.Path, setAcl.EncodedAcl, setAcl.Version, context)
                    : ErrorCode.MarshallingError;
            case OpCode.RaiseChildCounter:
                return ChildCounterRequest.TryRead(ref reader, out var counter)
                    ? operations.RaiseChildCounter(counter.Path, counter.Created, context)
                    : ErrorCode.MarshallingError;
            case OpCode.CreateRank:
                return CreateRankRequest.TryRead(ref reader, out var ranked)
                    ? operations.CreateRank(ranked, context)
                    : ErrorCode.MarshallingError;
            case OpCode.CounterAdd:
                return CounterAddRequest.TryRead(ref reader, out var add)
                    ? operations.AddToCounter(add, context)
                    : ErrorCode.MarshallingError;
            default:
                return ErrorCode.Unimplemented;
        }
    }
}
