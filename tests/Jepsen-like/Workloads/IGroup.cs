using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>One client's way to a group of registers that are read and written together.</summary>
internal interface IGroup
{
    /// <summary>Chooses what a transaction writes, given what it read: register and new amount.</summary>
    delegate IReadOnlyDictionary<int, long> Writes(IReadOnlyList<GroupPart> read);

    /// <summary>A linearizable read of one register, recorded.</summary>
    Task ReadAsync(int register);

    /// <summary>
    /// Reads the registers, then asks that they be unchanged while the chosen ones are written; recorded as one
    /// transaction that was done or refused. Without writes it is a consistent read.
    /// </summary>
    Task TransactAsync(IReadOnlyList<int> registers, Writes writes);
}
