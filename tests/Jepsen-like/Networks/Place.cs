namespace Coord.JepsenLike.Networks;

/// <summary>Who has a namespace of its own: a node, or a group of clients; both are counted from 1.</summary>
internal readonly record struct Place(bool IsNode, int Number)
{
    public static Place Node(int number) => new(IsNode: true, number);

    public static Place Clients(int group) => new(IsNode: false, group);

    public override string ToString() => $"{(IsNode ? "n" : "c")}{Number}";
}
