using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>The registers of a group, each by its version and the tag of the write that made it.</summary>
internal sealed class GroupState : IEquatable<GroupState>
{
    private readonly (int Version, long Tag)[] registers;

    private GroupState((int Version, long Tag)[] registers) => this.registers = registers;

    public static GroupState Initial(int count) => new(new (int, long)[count]);

    /// <summary>What an operation makes of a state; null when it cannot have run on it.</summary>
    public static GroupState? Apply(GroupState state, Operation operation, GroupPart[] parts)
    {
        if (operation.Kind == OperationKind.Read)
            return state.registers[parts[0].Register] == (operation.Version, operation.Tag) ? state : null;

        var isRefused = operation.IsKnown && operation.Error != 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (version, tag) = state.registers[parts[i].Register];
            if (isRefused && i == operation.Expected)
                return version != parts[i].Version ? state : null;
            if (version != parts[i].Version || (!isRefused && tag != parts[i].Tag))
                return null;
        }

        return state.Write(operation.Tag, parts);
    }

    public bool Equals(GroupState? other) => other is not null && registers.AsSpan().SequenceEqual(other.registers);

    public override bool Equals(object? obj) => Equals(obj as GroupState);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var register in registers)
            hash.Add(register);
        return hash.ToHashCode();
    }

    private GroupState Write(long by, GroupPart[] parts)
    {
        if (!parts.Any(part => part.IsSet))
            return this;

        var next = registers.ToArray();
        foreach (var part in parts.Where(part => part.IsSet))
            next[part.Register] = (part.Version + 1, by);
        return new GroupState(next);
    }
}
