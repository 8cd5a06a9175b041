namespace Coord.Simulation.Mutants;

/// <summary>One place of a planted bug.</summary>
/// <param name="File">The source file, from the root of the repository.</param>
/// <param name="Original">
/// Text that stands in the file exactly once; the amount of white space is of no account. Where only a part of it is
/// to be replaced, that part stands in <c>[[</c> and <c>]]</c>. What is replaced is one or more statements if it ends
/// with <c>;</c> or <c>}</c>, else an expression.
/// </param>
/// <param name="Replacement">What stands there when the bug is on; for statements it may be empty.</param>
internal sealed record PlantedEdit(string File, string Original, string Replacement)
{
    /// <summary>The project whose sources hold it; also the namespace of its guard.</summary>
    public string Project => File.Split('/')[1];
}
