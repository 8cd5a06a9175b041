namespace Coord.Repository.Tests;

/// <summary>One file of the tree; tests of the checks make their own, with text that breaks a rule.</summary>
internal sealed class SourceFile(string path, string? text = null)
{
    private readonly Lazy<string> _text = new(() => text ?? SourceTree.Text(path));

    public string Path { get; } = path;

    public string Text => _text.Value;

    public IReadOnlyList<string> Lines => Text.Split('\n');

    /// <summary>Lines as an editor counts them: a newline at the end begins no further line.</summary>
    public int LineCount => Text.EndsWith('\n') ? Lines.Count - 1 : Lines.Count;

    public override string ToString() => Path;
}
