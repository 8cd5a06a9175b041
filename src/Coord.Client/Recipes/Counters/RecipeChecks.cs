namespace Coord.Client.Recipes;

/// <summary>What the options of counters and ids are checked for, before anything is sent.</summary>
internal static class RecipeChecks
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentException">Null, not valid, or the root.</exception>
    internal static void Path(ICoordClient client, string path)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Check(path, nameof(path));
        if (path == "/")
            throw new ArgumentException("The root belongs to no recipe.", nameof(path));
    }

    internal static void Timeout(TimeSpan value, string name)
    {
        if (value < ShortestTimeout || value > LongestTimeout)
            throw new ArgumentOutOfRangeException(name, value, "1 s to 1 h.");
    }

    internal static void Parents(CreateParents value)
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "Parents is not one of its values.");
    }
}
