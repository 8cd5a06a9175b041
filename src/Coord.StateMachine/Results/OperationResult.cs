using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>The result of one operation, alone or in a multi; its type is the one that the reply names.</summary>
internal readonly record struct OperationResult(OpCode Type, ErrorCode Error, int PathOffset, int PathLength, Stat Stat)
{
    /// <summary>A counter's value before and after, where the operation is an addition to one.</summary>
    public (long Before, long After) Counter { get; init; }

    /// <summary>
    /// Where the operation tells it: how many stand before the new znode, and the name of the nearest to wait for.
    /// </summary>
    public (int Position, int NameOffset, int NameLength) Rank { get; init; }

    public bool HasPath => Type is OpCode.Create or OpCode.Create2 or OpCode.CreateRank;

    public bool HasStat =>
        Type is OpCode.Create2 or OpCode.CreateRank or OpCode.SetData or OpCode.SetAcl or OpCode.RaiseChildCounter;

    public int BodyLength => Type == OpCode.CounterAdd
        ? CounterAddResponse.EncodedLength
        : (HasPath ? sizeof(int) + PathLength : 0) + (HasStat ? Stat.EncodedLength : 0)
            + (Type == OpCode.CreateRank ? (2 * sizeof(int)) + Rank.NameLength : 0);

    /// <summary>An operation of a multi that failed, was taken back, or was not reached.</summary>
    public static OperationResult Failed(ErrorCode error) => new(OpCode.Error, error, 0, 0, default);
}
