namespace Coord.Client.Recipes;

/// <summary>
/// What the calling flow of control has asked for, so that it does not wait for itself. A flow is what an
/// <see cref="AsyncLocal{T}"/> follows: a branch sees what its ancestors asked for before it was forked, and nothing of
/// its siblings.
/// </summary>
internal static class LockFlow
{
    private static readonly AsyncLocal<Link?> Asked = new();

    /// <summary>
    /// Notes that the flow asks for a path. To be called by a method that is not async: what an async method sets does
    /// not reach its caller.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The recipe's root.</param>
    /// <param name="isDetecting">Whether to refuse what the flow holds already.</param>
    /// <exception cref="LockRecursionException">The flow holds a handle of the path through the client.</exception>
    internal static FlowHold Ask(ICoordClient client, string path, bool isDetecting)
    {
        var others = WithoutEnded(Asked.Value);
        for (var link = others; link is not null && isDetecting; link = link.Next)
        {
            if (link.Hold.IsHeld && link.Hold.Path == path && ReferenceEquals(link.Hold.Client, client))
                throw new LockRecursionException(
                    $"This flow holds {path} already and would wait for itself. Share the handle instead.");
        }

        var hold = new FlowHold(client, path);
        Asked.Value = new Link(hold, others);
        return hold;
    }

    private static Link? WithoutEnded(Link? links)
    {
        var hasEnded = false;
        for (var link = links; link is not null; link = link.Next)
            hasEnded |= link.Hold.HasEnded;
        if (!hasEnded)
            return links;
        Link? rest = null;
        for (var link = links; link is not null; link = link.Next)
            rest = link.Hold.HasEnded ? rest : new Link(link.Hold, rest);
        return rest;
    }

    private sealed record Link(FlowHold Hold, Link? Next);
}
