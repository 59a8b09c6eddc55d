// Reviews as documents: a double click on `review.yaml` opens the form.

// The form writes the file by itself. So the model is never saved from here: whatever Lab read when the tab
// was opened would be put over all answers given since.
export function createFactories({ docregistry }, { say, icon, Pane, localPath }) {
  const { ABCWidgetFactory, DocumentModel, DocumentWidget, TextModelFactory } = docregistry;

  class Models extends TextModelFactory {
    get name() {
      return "orr-review";
    }

    createNew(options) {
      return new DocumentModel({ ...options, collaborationEnabled: true }); // then Lab neither saves nor asks
    }
  }

  // The tab bears the workload's name. Lab would rename the file to it, which is why nothing may be renamed from here.
  class ReviewWidget extends DocumentWidget {
    constructor(context) {
      context.rename = async () => undefined;
      super({ content: new Pane(localPath(context.path)), context });
      this.toolbar.hide();
      label(this, localPath(context.path), icon);
    }

    _onTitleChanged() {}

    _onPathChanged() {
      const path = localPath(this.context.path);
      if (path === this.content.path) return;
      this.content.turnTo(path);
      label(this, path, icon);
    }
  }

  class Widgets extends ABCWidgetFactory {
    createNewWidget(context) {
      context.save = async () => undefined;
      return new ReviewWidget(context);
    }
  }

  return {
    models: new Models(),
    widgets: new Widgets({
      name: "Readiness review", label: say("factory"), modelName: "orr-review", fileTypes: ["orr-review"],
      defaultFor: ["orr-review"], readOnly: true, canStartKernel: false,
    }),
  };
}

export function label(widget, path, icon) {
  Object.assign(widget.title, { label: path.split("/").at(-2) ?? path, caption: path, icon, closable: true });
}
