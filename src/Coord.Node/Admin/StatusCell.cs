namespace Coord.Node.Admin;

/// <summary>Holds what the node last published: one writer at a time, any number of readers, no waiting.</summary>
internal sealed class StatusCell(NodeStatus first)
{
    private volatile NodeStatus current = first;

    public NodeStatus Current
    {
        get => current;
        set => current = value;
    }
}
